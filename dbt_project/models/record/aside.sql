-- Rows set aside, as far as they could be read: facts for nobody, but the rules that a corrected row would meet are asked of
-- them too, so that a unit is told of everything at once. Of the newest submission also where it was refused.
select
    s.dataset_code, s.submission_key, s.sheet, s.row_no, s.identity_key, s.period, s.period_type_code,
    s.rating_system_code, s.decided_level_code, s.decided_on, s.decided_on_precision_code, v.sender_unit_key,
    coalesce(s.unit_marked, s.unit, '') as unit_word, -- blank is the sender
    v.period_to as fact_on, -- the row's own day may be what could not be read
    case
        when s.dataset_code = 'discipline' then date '0001-01-01'
        when s.dataset_code = 'ratings' then {{ end_of(rated_until('s', 'v.period_from', 'v.period_to')) }}
        else date '9999-12-31'
    end as may_end_from
from {{ source('landing', 'set_aside') }} as s
inner join {{ ref('versions') }} as v on v.submission_key = s.submission_key
where (v.is_current or v.is_newest) and v.sender_unit_key is not null
