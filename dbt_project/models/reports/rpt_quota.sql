-- What a year's cap allows stands in the rule book. NULL where there is none, or where it is by peers, whom the forms do not name.
with
quota as (
    select
        s.period_type_code, s.period, s.year, s.unit_key, s.unit_code, s.unit_type_code, s.unit_name, s.good_inclusive, s.excellent,
        cast(floor(s.good_inclusive * cap.numerator / cap.denominator) as bigint) as allowed
    from {{ ref('rpt_rating_summary') }} as s
    left join {{ ref('laws') }} as cap
        on cap.rule_code = 'excellent_within_cap' and cap.scope_code = 'BASE_ORGANISATION' and s.period_type_code = 'YEAR'
        and {{ governs('cap', year_end('s.year'), 's.rating_system_code') }}
    where s.rating_system_code = 'PARTY_MEMBER' and s.unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
)

select
    period_type_code, period, year, unit_key, unit_code, unit_type_code, unit_name, good_inclusive, excellent, allowed,
    case when allowed is not null then greatest(excellent - allowed, 0) end as over
from quota
