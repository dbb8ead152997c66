-- Rows of ratings that are in no figure yet and will be of record once what is told of them is corrected: their unit, or why they were set
-- aside. The level may be what could not be read; where the year is, the row is held to be of its folder's period.
with
waiting as (
    select
        c.submission_key, c.sheet, c.row_no, c.person_key, r.period, r.period_type_code, r.rating_system_code, r.decided_level_code,
        r.not_rated_reason_code, c.unit_key, c.base_unit_key, c.is_unit_assumed, c.reason_code,
        r.decided_on, r.decided_on_precision_code, false as is_set_aside
    from {{ ref('choices') }} as c
    inner join {{ source('landing', 'ratings') }} as r on {{ same_row('r', 'c') }}
    where c.dataset_code = 'ratings' and not c.is_of_record and c.reason_code <> 'ANOTHER_ROW_IS_OF_RECORD'
    union all
    select
        submission_key, sheet, row_no, person_key, period, period_type_code, rating_system_code, decided_level_code,
        cast(null as string) as not_rated_reason_code, unit_key, base_unit_key, is_unit_assumed, reason_code, decided_on,
        decided_on_precision_code, true as is_set_aside
    from {{ ref('aside_places') }}
    where dataset_code = 'ratings'
)

select
    w.submission_key, w.sheet, w.row_no, w.person_key, coalesce(p.period, v.period) as period,
    coalesce(p.period_type_code, v.period_type_code) as period_type_code, v.year, coalesce(p.period_to, v.period_to) as period_to,
    case
        when {{ latest_start('w.decided_on') }} >= coalesce(p.period_from, v.period_from)
            then greatest(w.decided_on, coalesce(p.period_from, v.period_from))
        else coalesce(p.period_to, v.period_to)
    end as rated_from,
    case
        when {{ latest_start('w.decided_on') }} >= coalesce(p.period_from, v.period_from) then {{ latest_start('w.decided_on') }}
        else coalesce(p.period_to, v.period_to)
    end as rated_on,
    w.rating_system_code, w.decided_level_code, w.not_rated_reason_code,
    w.unit_key, w.base_unit_key, w.is_unit_assumed, w.reason_code, v.sender_base_unit_key, w.is_set_aside,
    p.period is not null and w.decided_level_code is not null as is_readable
from waiting as w
inner join {{ ref('versions') }} as v on v.submission_key = w.submission_key
-- a row of another year than its folder's says nothing until its period is corrected
left join {{ source('context', 'periods') }} as p on p.period = w.period and p.year = v.year
