-- The verdict that stands, and which submission is current.
with
refusals as (
    select submission_key, min(rule_code) as rule_code
    from (
        select submission_key, rule_code from {{ ref('sender_known') }} where answer_code = 'FAILED'
        union all
        select submission_key, rule_code from {{ ref('period_begun') }} where answer_code = 'FAILED'
        union all
        select submission_key, rule_code from {{ ref('one_file_per_dataset') }} where answer_code = 'FAILED'
    ) as failed
    group by submission_key
),

lines as (
    select
        s.submission_key, l.load_id, l.line_no, l.path, l.seen_at,
        min(l.load_id) over (partition by s.submission_key) as first_load_id,
        row_number() over (partition by s.submission_key order by l.load_id desc nulls last, l.line_no desc nulls last) as newest_first
    from {{ source('landing', 'submissions') }} as s
    inner join {{ source('context', 'ledger') }} as l
        on l.period = s.period and l.sender_code = s.sender_code and l.content_hash = s.content_hash
),

submissions as (
    select
        s.submission_key, s.period, p.period_type_code, p.year, p.period_from, p.period_to,
        s.sender_code, u.unit_key as sender_unit_key, u.base_unit_key as sender_base_unit_key, u.depth as sender_depth,
        s.dataset_code, s.content_hash, l.path, l.first_load_id, l.load_id as newest_load_id, l.line_no as newest_line_no,
        l.seen_at as received_at, newest.as_of as received_as_of, earliest.as_of as first_received_as_of,
        case when r.rule_code is not null then 'REFUSED' else s.verdict_code end as verdict_code,
        coalesce(s.refusal_rule_code, r.rule_code) as refusal_rule_code,
        s.is_nil and r.rule_code is null as is_nil, s.rows_read,
        case when r.rule_code is null then s.rows_accepted else 0 end as rows_accepted,
        case when r.rule_code is null then s.rows_set_aside else s.rows_read end as rows_set_aside
    from {{ source('landing', 'submissions') }} as s
    inner join lines as l on l.submission_key = s.submission_key and l.newest_first = 1
    inner join {{ source('context', 'loads') }} as newest on newest.load_id = l.load_id
    inner join {{ source('context', 'loads') }} as earliest on earliest.load_id = l.first_load_id
    left join refusals as r on r.submission_key = s.submission_key
    left join {{ source('context', 'periods') }} as p on p.period = s.period
    left join {{ ref('dim_unit') }} as u
        on u.unit_code = s.sender_code and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
),

-- a withdrawal ends every version received up to its day
withdrawals as (
    select w.period, w.unit_code, w.dataset_code, max(w.withdrawn_on) as withdrawn_on
    from {{ source('context', 'withdrawals') }} as w
    inner join {{ source('context', 'run') }} as run on w.withdrawn_on <= run.as_of
    group by w.period, w.unit_code, w.dataset_code
),

standing as (
    select s.*, coalesce(s.received_as_of <= w.withdrawn_on, false) as is_withdrawn
    from submissions as s
    left join withdrawals as w
        on w.period = s.period and w.unit_code = s.sender_code and w.dataset_code = s.dataset_code
),

ranked as (
    select
        s.*, s.verdict_code = 'ACCEPTED' and not s.is_withdrawn as stands,
        row_number() over (
            partition by s.period, s.sender_code, s.dataset_code
            order by s.newest_load_id desc nulls last, s.newest_line_no desc nulls last, s.submission_key asc nulls last
        ) as newest_first
    from standing as s
),

-- a file replaces every older one of its list but the other parts of it
replaced as (
    select
        was.submission_key, now.submission_key as by_key,
        row_number() over (partition by was.submission_key order by now.newest_first desc nulls last) as earliest_first
    from ranked as now
    inner join ranked as was
        on was.period = now.period and was.sender_code = now.sender_code and was.dataset_code = now.dataset_code
        and was.newest_first > now.newest_first
    left join {{ ref('list_parts') }} as p on p.submission_key = was.submission_key and p.other_key = now.submission_key
    where was.stands and now.stands and p.submission_key is null
)

select
    r.submission_key, r.period, r.period_type_code, r.year, r.period_from, r.period_to,
    r.sender_code, r.sender_unit_key, r.sender_base_unit_key, r.sender_depth, r.dataset_code, r.content_hash, r.path,
    r.first_load_id, r.newest_load_id, r.newest_line_no, r.received_at, r.received_as_of, r.first_received_as_of,
    r.verdict_code, r.refusal_rule_code, r.is_nil, r.is_withdrawn, r.stands,
    r.stands and b.submission_key is null as is_current, r.newest_first = 1 as is_newest,
    b.by_key as replaced_by_key, -- the first that took its place
    -- of rows that claim one fact, the newest period's, then the deepest sender's, then the newest ledger line's is the record
    row_number() over (
        order by
            r.period_to desc nulls last, r.period desc nulls last, r.sender_depth desc nulls last,
            r.newest_load_id desc nulls last, r.newest_line_no desc nulls last, r.submission_key asc nulls last
    ) as record_rank,
    r.rows_read, r.rows_accepted, r.rows_set_aside
from ranked as r
left join replaced as b on b.submission_key = r.submission_key and b.earliest_first = 1
