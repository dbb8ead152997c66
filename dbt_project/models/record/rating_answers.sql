-- Who spoke of a rating system in a period: by its rows, or by a nil list, which speaks of all. A list of party members says nothing of officials.
-- A base organisation speaks for all below it, by rows that it sends or by rows of record in it; a unit above the bases for those below it that
-- answered_above names, else for itself alone, and not by rows of which it is only assumed that they are its own.
with
said_by_rows as (
    select distinct
        c.period, r.rating_system_code, v.sender_unit_key, v.sender_base_unit_key,
        case when c.is_of_record and not c.is_unit_assumed then coalesce(c.base_unit_key, c.unit_key) end as about_unit_key
    from {{ source('landing', 'ratings') }} as r
    inner join {{ ref('choices') }} as c on {{ same_row('c', 'r') }} and c.dataset_code = 'ratings'
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

said as (
    select period, rating_system_code, sender_unit_key, sender_base_unit_key, about_unit_key from said_by_rows
    union all
    select v.period, system.code as rating_system_code, v.sender_unit_key, v.sender_base_unit_key, v.sender_unit_key as about_unit_key
    from {{ ref('versions') }} as v
    inner join {{ ref('codes') }} as system on system.list = 'rating_system'
    where v.dataset_code = 'ratings' and v.is_current and v.is_nil
),

asked_above as (
    select distinct s.period, s.rating_system_code, a.unit_key
    from said as s
    inner join {{ ref('answered_above') }} as a
        on a.dataset_code = 'ratings' and a.period = s.period and a.sender_unit_key = s.sender_unit_key
)

select period, rating_system_code, sender_base_unit_key as unit_key from said where sender_base_unit_key is not null
union
select period, rating_system_code, about_unit_key from said where about_unit_key is not null
union
select period, rating_system_code, unit_key from asked_above
