-- Whose each row without a number is. What is not linked is a person by itself, for nobody can say whose it is; `is_told_elsewhere`: another list
-- tells the same of somebody of this name, who may be the same. Whom the city says to be one is one, whoever else that may be.
with
linked as (
    select
        u.dataset_code, u.submission_key, u.sheet, u.row_no, u.identity_key, n.organisation_key, n.full_name_letters_key, n.year, n.claim,
        n.spell_from, n.spell_to, k.root_key as known_key,
        case when k.is_number then k.root_key else d.root_key end as root_key, coalesce(k.is_number or d.is_number, d.is_number) as is_number,
        case when k.identity_key is not null then 'CONFIRMED' else d.identity_proof_code end as identity_proof_code,
        case
            when k.is_number or (k.identity_key is not null and n.identity_key is null) then null
            when n.identity_key is null or not n.is_described then 'NAME_ALONE'
            when d.description_key is null then 'SEVERAL_FIT' -- of a crowd
            else d.unlinked_reason_code
        end as unlinked_reason_code
    from {{ ref('unnumbered') }} as u
    left join {{ ref('namesakes') }} as n on n.identity_key = u.identity_key and not n.is_numbered
    left join {{ ref('described_people') }} as d on d.description_key = n.node_key
    left join {{ ref('known_as') }} as k on k.identity_key = u.identity_key
),

others as (
    select
        l.identity_key,
        max(case
            when n.submission_key <> l.submission_key and n.dataset_code = l.dataset_code and n.dataset_code <> 'personnel' and n.claim = l.claim then 1
            when
                n.submission_key <> l.submission_key and n.dataset_code = l.dataset_code and n.year = l.year
                and n.spell_from < l.spell_to and l.spell_from < n.spell_to
                then 1
            else 0
        end) = 1 as is_told_elsewhere,
        max(case when n.dataset_code = 'personnel' and n.year = l.year then 1 else 0 end) = 1 as is_named_on_roster
    from linked as l
    inner join {{ ref('namesakes') }} as n
        on n.organisation_key = l.organisation_key and n.full_name_letters_key = l.full_name_letters_key
    where l.unlinked_reason_code is not null
    group by l.identity_key
)

select
    l.dataset_code, l.submission_key, l.sheet, l.row_no, l.identity_key,
    case when l.unlinked_reason_code is null then coalesce(l.root_key, l.known_key) else l.known_key end as person_identity_key,
    coalesce(l.is_number, false) and l.unlinked_reason_code is null as is_numbered_person,
    case when l.unlinked_reason_code is null then l.identity_proof_code end as identity_proof_code, l.unlinked_reason_code,
    coalesce(o.is_told_elsewhere, false) as is_told_elsewhere, coalesce(o.is_named_on_roster, false) as is_named_on_roster
from linked as l
left join others as o on o.identity_key = l.identity_key
