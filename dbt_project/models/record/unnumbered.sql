-- People without a number in current submissions, and in which organisation each is, where it is known.
select
    c.dataset_code, c.submission_key, c.sheet, c.row_no, c.identity_key, r.full_name_letters_key,
    case when p.reason_code is null and r.full_name_letters_key is not null then coalesce(p.base_unit_key, p.unit_key) end as organisation_key
from {{ ref('claims') }} as c
inner join {{ ref('landed_people') }} as r on {{ same_row('r', 'c') }} and not r.is_numbered
inner join {{ ref('places') }} as p
    on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
    and p.fact_on = c.fact_on and p.may_end_from = c.may_end_from
where c.identity_key is not null
