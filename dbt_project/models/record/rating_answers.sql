-- Who spoke of a rating system in a period: by its rows, or by a nil list, which speaks of all. A list of party members says nothing of officials.
-- A base organisation speaks for all below it, by rows that it sends; a unit above the bases for those below it that answered_above names, else for
-- itself alone, and not by rows of which it is only assumed that they are its own. What another says of a base organisation that the calendar asks
-- itself is what is known of it so far, and not its own answer, but where others rate: leaders, and the organisation as a whole.
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
),

spoken as (
    select period, rating_system_code, sender_base_unit_key as unit_key, true as is_own from said where sender_base_unit_key is not null
    union all
    select
        s.period, s.rating_system_code, s.about_unit_key as unit_key,
        s.rating_system_code in ('LEADER', 'COLLECTIVE') or asked.unit_key is null or coalesce(s.sender_base_unit_key = asked.unit_key, false) as is_own
    from said as s
    left join {{ ref('asked_bases') }} as asked
        on asked.dataset_code = 'ratings' and asked.period = s.period and asked.unit_key = s.about_unit_key
    where s.about_unit_key is not null
    union all
    select period, rating_system_code, unit_key, true as is_own from asked_above
)

select period, rating_system_code, unit_key, max(case when is_own then 1 else 0 end) = 1 as is_own
from spoken
group by period, rating_system_code, unit_key
