-- Of the rows that claim one fact, which is the record; and of every other row, why it is not.
with
placed as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, i.person_key, c.period, p.reason_code,
        p.unit_key, p.unit_version_key, p.base_unit_key, p.is_unit_assumed, p.former_version_key, p.nearest_units,
        -- two words that nobody knows are not known to mean one unit
        {{ keyed([
            'c.dataset_code', 'i.person_key',
            "case when c.is_unit_in_key and p.is_unit_assumed then concat_ws('|', p.unit_key, c.unit_word) when c.is_unit_in_key then p.unit_key end",
            'c.claim',
        ]) }} as fact_key
    from {{ ref('claims') }} as c
    inner join {{ ref('places') }} as p
        on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
        and p.fact_on = c.fact_on and p.may_end_from = c.may_end_from
    left join {{ ref('bridge_person_identity') }} as i on i.identity_key = c.identity_key
    cross join {{ source('context', 'run') }} as run
),

-- few facts are claimed twice: only those are ranked, which spares sorting the whole city
contested as (
    select fact_key from placed where reason_code is null group by fact_key having count(*) > 1
),

ranked as (
    select
        r.submission_key, r.sheet, r.row_no,
        row_number() over (partition by r.fact_key order by {{ record_order('v', 'r') }}) as record_first
    from placed as r
    inner join contested as c on c.fact_key = r.fact_key
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    where r.reason_code is null
)

select
    p.dataset_code, p.submission_key, p.sheet, p.row_no, p.person_key, p.period, p.fact_key,
    p.unit_key, p.unit_version_key, p.base_unit_key, p.is_unit_assumed, p.former_version_key, p.nearest_units,
    case
        when p.reason_code is not null then p.reason_code
        when r.row_no is not null then 'ANOTHER_ROW_IS_OF_RECORD'
    end as reason_code,
    p.reason_code is null and r.row_no is null as is_of_record
from placed as p
left join ranked as r on {{ same_row('r', 'p') }} and r.record_first > 1
