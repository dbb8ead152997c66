-- Base organisations that stood on the period's last day and for which nobody answered, by every unit that they lie in or that lies in
-- them; of ratings unanswered_ratings says it, by system. A unit above them answers for all below it where the calendar asks it for the
-- dataset; else it speaks only of those whose rows it sends.
with
answers as (
    select dataset_code, period, unit_key from {{ ref('answered') }} where is_own
    union
    select v.dataset_code, p.period, b.unit_key
    from {{ ref('versions') }} as v
    inner join {{ source('context', 'periods') }} as p on p.period = {{ answered_period('v.dataset_code', 'v.period', 'v.year') }}
    inner join {{ source('context', 'calendar') }} as c
        on c.dataset_code = v.dataset_code and {{ answered_period('v.dataset_code', 'c.period', 'substring(c.period, 1, 4)') }} = p.period
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.ancestor_unit_key = v.sender_unit_key and b.ancestor_unit_type_code = c.unit_type_code
        and b.valid_from <= p.period_to and {{ end_of('b.valid_to') }} >= p.period_from
    where v.is_current
),

bases as (
    select asked.dataset_code, p.period, p.year, p.period_to, u.unit_key, a.unit_key is null as is_silent
    from (select distinct dataset_code, period from {{ ref('answered') }} where dataset_code <> 'ratings') as asked
    inner join {{ source('context', 'periods') }} as p on p.period = asked.period
    inner join {{ ref('dim_unit') }} as u on u.base_unit_key = u.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    left join answers as a on a.dataset_code = asked.dataset_code and a.period = asked.period and a.unit_key = u.unit_key
)

select
    b.dataset_code, b.period, b.year, l.unit_key, cast(count(distinct b.unit_key) as bigint) as base_units,
    cast(count(distinct case when b.is_silent then b.unit_key end) as bigint) as units_without_answer
from bases as b
inner join {{ around_bases() }} as l
    on l.base_unit_key = b.unit_key and {{ is_open_on('b.period_to', 'l.valid_from', 'l.valid_to') }}
group by b.dataset_code, b.period, b.year, l.unit_key
