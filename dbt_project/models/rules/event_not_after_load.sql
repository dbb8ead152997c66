-- What a file tells as having happened cannot lie after the day of the load that first saw the file. Only the load knows that day:
-- a file alone is judged by its period, so that its verdict depends on nothing else.
with
asked as (
    select
        d.dataset_code, d.submission_key, d.sheet, d.row_no, d.happened, cast(null as string) as unit_key,
        cast(null as string) as severity_code,
        case
            when v.period_from > v.first_received_as_of then 'PERIOD_NOT_BEGUN' -- a period that has not begun: its folder is in doubt, not each day
            when d.happened_on > v.first_received_as_of then 'FAILED'
            else 'PASSED'
        end as answer
    from {{ ref('landed_events') }} as d
    inner join {{ ref('versions') }} as v on v.submission_key = d.submission_key and v.is_current
)

{{ answers('event_not_after_load', column_of='happened') }}
