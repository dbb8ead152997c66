-- Whose each row without a number is. A list that states one fact twice of whom a description means, or holds two spells of one time, knows two
-- people: then none of that person's rows without a number is linked. What is not linked is a person by itself, for nobody can say whose it is.
with
described as (
    select u.dataset_code, u.submission_key, u.sheet, u.row_no, u.identity_key, d.root_key, d.is_number, d.is_several, d.identity_proof_code
    from {{ ref('unnumbered') }} as u
    left join {{ ref('described_people') }} as d on d.description_key = u.description_key
),

roots as (select distinct root_key, is_number from described where root_key is not null),

rows_of as (
    select dataset_code, submission_key, sheet, row_no, root_key, false as is_numbered
    from described
    where root_key is not null
    union all
    select r.dataset_code, r.submission_key, r.sheet, r.row_no, o.root_key, true as is_numbered
    from {{ ref('landed_people') }} as r
    left join {{ ref('joined_numbers') }} as j on j.identity_key = r.identity_key
    inner join roots as o on o.is_number and o.root_key = coalesce(j.joined_identity_key, r.identity_key)
    where r.is_numbered
),

stated as (
    select
        r.submission_key, r.root_key, r.is_numbered, c.dataset_code, c.claim, s.spell_from, {{ end_of('s.spell_to') }} as spell_to,
        max({{ end_of('s.spell_to') }}) over (
            partition by r.submission_key, r.root_key order by s.spell_from asc nulls first, s.row_no asc nulls last, s.sheet asc nulls first
            rows between unbounded preceding and 1 preceding
        ) as earlier_to
    from rows_of as r
    inner join {{ ref('claims') }} as c on {{ same_row('c', 'r') }}
    left join {{ source('landing', 'personnel') }} as s on c.dataset_code = 'personnel' and {{ same_row('s', 'r') }} and {{ is_primary('s') }}
),

doubted as (
    select root_key
    from stated
    where dataset_code <> 'personnel'
    group by submission_key, root_key, claim
    having count(*) > 1 and min(case when is_numbered then 1 else 0 end) = 0
    union
    select root_key
    from stated
    where dataset_code = 'personnel'
    group by submission_key, root_key
    having
        max(case when earlier_to >= coalesce(spell_from, date '0001-01-01') then 1 else 0 end) = 1
        and min(case when is_numbered then 1 else 0 end) = 0
)

select
    d.dataset_code, d.submission_key, d.sheet, d.row_no, d.identity_key,
    case when t.root_key is null then d.root_key end as person_identity_key,
    coalesce(d.is_number, false) and t.root_key is null as is_numbered_person,
    case when d.root_key is not null and t.root_key is null then d.identity_proof_code end as identity_proof_code,
    case
        when d.is_several then 'SEVERAL_FIT'
        when d.root_key is null then 'NAME_ALONE'
        when t.root_key is not null then 'TWO_IN_ONE_LIST'
    end as unlinked_reason_code
from described as d
left join doubted as t on t.root_key = d.root_key
