-- Base organisations that stood on the period's last day and for which nobody answered for all of it, by every unit that they lie in or that lies in
-- them; of ratings unanswered_ratings says it, by system.
with
bases as (
    select asked.dataset_code, p.period, p.year, p.period_to, u.unit_key, a.unit_key is null as is_silent
    from (select distinct dataset_code, period from {{ ref('answered') }} where dataset_code not in ('ratings', 'personnel')) as asked
    inner join {{ source('context', 'periods') }} as p on p.period = asked.period
    inner join {{ ref('dim_unit') }} as u on u.base_unit_key = u.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    left join {{ ref('answered') }} as a
        on a.dataset_code = asked.dataset_code and a.period = asked.period and a.unit_key = u.unit_key and a.is_own
)

select
    b.dataset_code, b.period, b.year, l.unit_key, cast(count(distinct b.unit_key) as bigint) as base_units,
    cast(count(distinct case when b.is_silent then b.unit_key end) as bigint) as units_without_answer
from bases as b
inner join {{ around_bases() }} as l
    on l.base_unit_key = b.unit_key and {{ is_open_on('b.period_to', 'l.valid_from', 'l.valid_to') }}
group by b.dataset_code, b.period, b.year, l.unit_key
