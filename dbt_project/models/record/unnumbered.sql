-- People without a number in current submissions, by keys: what a row says of its person, and in which organisation. What is said makes a
-- description: of two rows that say the same there it is one. A name alone describes nobody.
with
rows_of as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, c.identity_key, c.claim, coalesce(p.base_unit_key, p.unit_key) as organisation_key,
        r.full_name_letters_key, r.full_name_key, r.birth_date_year_key, r.birth_date_key, r.party_card_key, r.staff_key, r.sex_code, r.joined_on,
        p.reason_code is null and r.full_name_letters_key is not null
        and (
            r.birth_date_year_key is not null or r.party_card_key is not null or r.staff_key is not null or r.joined_on is not null
        ) as is_described
    from {{ ref('claims') }} as c
    inner join {{ ref('landed_people') }} as r on {{ same_row('r', 'c') }} and not r.is_numbered
    inner join {{ ref('places') }} as p
        on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
        and p.fact_on = c.fact_on and p.may_end_from = c.may_end_from
    where c.identity_key is not null
)

select
    r.*,
    case
        when r.is_described
            then {{ keyed([
                'r.organisation_key', 'r.full_name_letters_key', 'r.full_name_key', 'r.birth_date_year_key', 'r.birth_date_key',
                'r.party_card_key', 'r.staff_key', 'r.sex_code', 'r.joined_on',
            ]) }}
    end as description_key
from rows_of as r
cross join {{ source('context', 'run') }} as run
