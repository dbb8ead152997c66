-- Base organisations that the calendar asks for a dataset themselves.
select distinct c.dataset_code, {{ answered_period('c.dataset_code', 'c.period', 'p.year') }} as period, u.unit_key
from {{ source('context', 'calendar') }} as c
inner join {{ source('context', 'periods') }} as p on p.period = c.period
inner join {{ ref('dim_unit') }} as u
    on u.unit_type_code = c.unit_type_code and u.base_unit_key = u.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
