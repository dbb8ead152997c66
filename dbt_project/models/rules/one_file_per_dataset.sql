-- Two paths of one period, sender and dataset that are new in the same load: nobody can say which one is meant.
-- A submission is asked about the load of its newest ledger line, so sending one file again heals it.
with
lines as (
    select
        s.submission_key, s.period, s.sender_code, s.dataset_code, l.load_id, l.path,
        max(l.load_id) over (partition by s.submission_key) as newest_load_id
    from {{ source('landing', 'submissions') }} as s
    inner join {{ source('context', 'ledger') }} as l
        on l.period = s.period and l.sender_code = s.sender_code and l.content_hash = s.content_hash
    where s.dataset_code is not null
),

paths as (
    select period, sender_code, dataset_code, load_id, count(distinct path) as path_count
    from lines
    group by period, sender_code, dataset_code, load_id
),

asked as (
    select distinct
        l.dataset_code, l.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case when p.path_count > 1 then 'FAILED' else 'PASSED' end as answer
    from lines as l
    inner join paths as p
        on p.period = l.period and p.sender_code = l.sender_code and p.dataset_code = l.dataset_code and p.load_id = l.load_id
    where l.load_id = l.newest_load_id
)

{{ answers('one_file_per_dataset') }}
