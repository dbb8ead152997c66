-- Nobody can report on a period that has not begun: the file lies in another period's folder. Asked of the day of the load that last recorded
-- the bytes, so waiting makes it no file of that period, and sending it again heals it.
with
lines as (
    select
        s.submission_key, s.dataset_code, p.period_from, o.as_of,
        row_number() over (partition by s.submission_key order by l.load_id desc nulls last, l.line_no desc nulls last) as newest_first
    from {{ source('landing', 'submissions') }} as s
    inner join {{ source('context', 'ledger') }} as l
        on l.period = s.period and l.sender_code = s.sender_code and l.content_hash = s.content_hash
    inner join {{ source('context', 'loads') }} as o on o.load_id = l.load_id
    left join {{ source('context', 'periods') }} as p on p.period = s.period
    where s.dataset_code is not null
),

asked as (
    select
        dataset_code, submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when period_from is null then 'ANOTHER_RULE_TELLS' -- not in a folder of a period
            when period_from > as_of then 'FAILED'
            else 'PASSED'
        end as answer
    from lines
    where newest_first = 1
)

{{ answers('period_begun') }}
