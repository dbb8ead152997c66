-- Timeliness asks when the first version that stands arrived (else the first of all); the verdict is the newest version's.
with
expected as (
    select
        p.period_type_code, c.period, p.year, c.dataset_code, u.unit_key, u.unit_code, u.unit_type_code, u.unit_name, c.due_on
    from {{ source('context', 'calendar') }} as c
    inner join {{ source('context', 'periods') }} as p on p.period = c.period
    inner join {{ ref('dim_unit') }} as u
        on u.unit_type_code = c.unit_type_code and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
),

arrivals as (
    select
        sender_unit_key, period, dataset_code,
        coalesce(
            min(case when stands then first_received_as_of end), min(case when not is_withdrawn then first_received_as_of end)
        ) as received_on,
        max(case when is_current and is_nil then 1 else 0 end) as is_nil, max(case when is_current then 1 else 0 end) as has_current
    from {{ ref('versions') }}
    group by sender_unit_key, period, dataset_code
),

-- the newest version; where it is a part of a list in several files, all of them
newest as (
    select
        n.sender_unit_key, n.period, n.dataset_code, n.verdict_code, n.is_withdrawn,
        {% for column in ['rows_read', 'rows_accepted', 'rows_set_aside', 'rows_in_figures', 'rows_kept_out', 'error_count', 'warning_count', 'query_count'] -%}
        cast(sum(s.{{ column }}) as bigint) as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ ref('whole_submissions') }} as n
    inner join {{ ref('whole_submissions') }} as s
        on s.sender_unit_key = n.sender_unit_key and s.period = n.period and s.dataset_code = n.dataset_code
        and (s.is_newest or (n.is_current and s.is_current))
    where n.is_newest
    group by n.sender_unit_key, n.period, n.dataset_code, n.verdict_code, n.is_withdrawn
)

select
    e.period_type_code, e.period, e.year, e.dataset_code, e.unit_key, e.unit_code, e.unit_type_code, e.unit_name, e.due_on,
    a.received_on,
    case
        when a.received_on is null and e.due_on < run.as_of then 'MISSING'
        when a.received_on is null then 'NOT_YET_DUE'
        when a.is_nil = 1 then 'NIL'
        when a.received_on <= e.due_on then 'ON_TIME'
        else 'LATE'
    end as timeliness_code,
    s.verdict_code, coalesce(s.is_withdrawn, false) as is_withdrawn,
    coalesce(a.has_current, 0) = 1 as has_current, s.rows_read, s.rows_accepted, s.rows_set_aside,
    s.rows_in_figures, s.rows_kept_out,
    s.error_count, s.warning_count, s.query_count
from expected as e
cross join {{ source('context', 'run') }} as run
left join arrivals as a
    on a.sender_unit_key = e.unit_key and a.period = e.period and a.dataset_code = e.dataset_code
left join newest as s on s.sender_unit_key = e.unit_key and s.period = e.period and s.dataset_code = e.dataset_code
