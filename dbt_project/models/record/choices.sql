-- Of the rows that claim one fact, which is the record; and of every other row, why it is not.
with
placed as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, c.person_key, c.period, p.reason_code,
        p.unit_key, p.unit_version_key, p.base_unit_key,
        {{ key(['c.dataset_code', 'c.person_key', 'case when c.is_unit_in_key then p.unit_key end', 'c.claim']) }} as fact_key
    from {{ ref('claims') }} as c
    inner join {{ ref('places') }} as p
        on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
        and p.fact_on = c.fact_on and p.is_dissolved_allowed = c.is_dissolved_allowed
),

ranked as (
    select
        r.*,
        row_number() over (
            partition by r.fact_key, r.reason_code
            order by {{ record_order('v', 'r') }}
        ) as record_first
    from placed as r
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
)

select
    dataset_code, submission_key, sheet, row_no, person_key, period, fact_key,
    unit_key, unit_version_key, base_unit_key,
    case when reason_code is not null then reason_code when record_first > 1 then 'ANOTHER_ROW_IS_OF_RECORD' end as reason_code,
    reason_code is null and record_first = 1 as is_of_record
from ranked
