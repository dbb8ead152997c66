-- Two files of one period, sender and dataset that are new in the same load, and no parts of one list: nobody can say which one is meant. A copy byte
-- for byte is the same submission, and what was refused for itself claims nothing: neither is a reason to refuse the good one.
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

rivals as (
    select distinct a.submission_key
    from lines as a
    inner join lines as b
        on b.period = a.period and b.sender_code = a.sender_code and b.dataset_code = a.dataset_code and b.load_id = a.load_id
        and b.submission_key <> a.submission_key
    left join {{ ref('list_parts') }} as p on p.submission_key = a.submission_key and p.other_key = b.submission_key
    where a.load_id = a.newest_load_id and a.verdict_code = 'ACCEPTED' and b.verdict_code = 'ACCEPTED' and p.submission_key is null
),

asked as (
    select distinct
        l.dataset_code, l.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case when r.submission_key is not null then 'FAILED' else 'PASSED' end as answer
    from lines as l
    left join rivals as r on r.submission_key = l.submission_key
    where l.load_id = l.newest_load_id
)

{{ answers('one_file_per_dataset') }}
