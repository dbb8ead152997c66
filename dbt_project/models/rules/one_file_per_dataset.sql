-- Two files of one period, sender and dataset that are new in the same load: nobody can say which one is meant. A copy byte for byte is the same
-- submission, and what was refused for itself claims nothing: neither is a reason to refuse the good one.
-- A submission is asked about the load of its newest ledger line, so sending one file again heals it.
with
lines as (
    select
        s.submission_key, s.period, s.sender_code, s.dataset_code, s.verdict_code, l.load_id,
        max(l.load_id) over (partition by s.submission_key) as newest_load_id
    from {{ source('landing', 'submissions') }} as s
    inner join {{ source('context', 'ledger') }} as l
        on l.period = s.period and l.sender_code = s.sender_code and l.content_hash = s.content_hash
    where s.dataset_code is not null
),

files as (
    select period, sender_code, dataset_code, load_id, count(distinct submission_key) as file_count
    from lines
    where verdict_code = 'ACCEPTED'
    group by period, sender_code, dataset_code, load_id
),

asked as (
    select distinct
        l.dataset_code, l.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case when l.verdict_code = 'ACCEPTED' and f.file_count > 1 then 'FAILED' else 'PASSED' end as answer
    from lines as l
    left join files as f
        on f.period = l.period and f.sender_code = l.sender_code and f.dataset_code = l.dataset_code and f.load_id = l.load_id
    where l.load_id = l.newest_load_id
)

{{ answers('one_file_per_dataset') }}
