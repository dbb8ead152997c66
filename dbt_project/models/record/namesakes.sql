-- Whoever bears the name of somebody without a number in the same organisation: their rows of current submissions, with or without a number, and
-- what each says of its person. A card or a staff number that one list gives to several names says nothing. Whom the city says to be one (known_as) is
-- one already; where that has a number, a row of it has, too.
with
{% for relation, column in [('shared_cards', 'party_card_key'), ('shared_numbers', 'staff_key')] -%}
{{ relation }} as (
    select submission_key, {{ column }}
    from {{ ref('landed_people') }}
    where {{ column }} is not null
    group by submission_key, {{ column }}
    having min(full_name_letters_key) <> max(full_name_letters_key)
),

{% endfor -%}
names as (
    select distinct organisation_key, full_name_letters_key from {{ ref('unnumbered') }} where organisation_key is not null
),

rows_of as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, c.claim, r.identity_key, coalesce(k.is_number, r.is_numbered) as is_numbered,
        k.root_key as known_key, coalesce(k.is_confirmed, false) as is_confirmed, n.organisation_key, p.unit_key, p.is_unit_assumed,
        r.full_name_letters_key, r.full_name_key, r.birth_date_year_key, r.number_year_key, r.birth_date_key, r.sex_code, r.number_sex_code, r.joined_on,
        case when s.submission_key is null then r.party_card_key end as party_card_key,
        case when t.submission_key is null then r.staff_key end as staff_key
    from {{ ref('landed_people') }} as r
    inner join (select distinct full_name_letters_key from names) as named on named.full_name_letters_key = r.full_name_letters_key
    inner join {{ ref('claims') }} as c on {{ same_row('c', 'r') }} and c.identity_key is not null
    inner join {{ ref('places') }} as p
        on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
        and p.fact_on = c.fact_on and p.may_end_from = c.may_end_from and p.reason_code is null
    inner join names as n
        on n.organisation_key = coalesce(p.base_unit_key, p.unit_key) and n.full_name_letters_key = r.full_name_letters_key
    left join {{ ref('known_as') }} as k on k.identity_key = r.identity_key
    left join shared_cards as s on s.submission_key = r.submission_key and s.party_card_key = r.party_card_key
    left join shared_numbers as t on t.submission_key = r.submission_key and t.staff_key = r.staff_key
)

select
    r.*, v.year, v.sender_code, not r.is_numbered and (
        r.known_key is not null or r.birth_date_year_key is not null or r.party_card_key is not null or r.staff_key is not null or r.joined_on is not null
    ) as is_described,
    case
        when r.known_key is not null then r.known_key
        when r.is_numbered then r.identity_key
        when r.birth_date_year_key is not null or r.party_card_key is not null or r.staff_key is not null or r.joined_on is not null
            then {{ keyed([
                'r.organisation_key', 'r.full_name_letters_key', 'r.full_name_key', 'r.birth_date_year_key', 'r.birth_date_key',
                'r.party_card_key', 'r.staff_key', 'r.sex_code', 'r.joined_on',
            ]) }}
        else r.identity_key
    end as node_key,
    o.identity_key is not null as is_contested,
    case when s.submission_key is not null then coalesce(s.spell_from, date '0001-01-01') end as spell_from,
    {{ end_of('s.spell_to') }} as spell_to, coalesce(s.leaving_reason_code = 'DIED', false) as is_dead
from rows_of as r
inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
cross join {{ source('context', 'run') }} as run
left join (select distinct identity_key from {{ ref('identity_conflicts') }} where is_other_name) as o on o.identity_key = r.identity_key
left join {{ source('landing', 'personnel') }} as s on {{ same_row('s', 'r', only_where="r.dataset_code = 'personnel'") }} and {{ is_primary('s') }}
