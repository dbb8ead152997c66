-- For whom a unit above the bases answers where the calendar asks it and it has sent, nil or not: for itself, and for the base organisations below it that
-- are not asked themselves.
with
asked as (
    select distinct c.dataset_code, c.unit_type_code, {{ answered_period('c.dataset_code', 'c.period', 'p.year') }} as period
    from {{ source('context', 'calendar') }} as c
    inner join {{ source('context', 'periods') }} as p on p.period = c.period
),

sent as (
    select distinct
        dataset_code, period as said_period, year, sender_unit_key, {{ answered_period('dataset_code', 'period', 'year') }} as period
    from {{ ref('versions') }}
    where is_current and sender_base_unit_key is null
)

select s.dataset_code, s.said_period as period, s.year, s.sender_unit_key, b.unit_key, b.depth
from sent as s
inner join {{ source('context', 'periods') }} as p on p.period = s.period
inner join {{ ref('bridge_unit_ancestor') }} as b
    on b.ancestor_unit_key = s.sender_unit_key and b.valid_from <= p.period_to and {{ end_of('b.valid_to') }} >= p.period_from
inner join asked as a on a.dataset_code = s.dataset_code and a.period = s.period and a.unit_type_code = b.ancestor_unit_type_code
inner join {{ ref('dim_unit') }} as u
    on u.unit_key = b.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
left join {{ ref('asked_bases') }} as own on own.dataset_code = s.dataset_code and own.period = s.period and own.unit_key = u.unit_key
where b.depth = 0 or (u.base_unit_key = u.unit_key and own.unit_key is null)
group by s.dataset_code, s.said_period, s.year, s.sender_unit_key, b.unit_key, b.depth
