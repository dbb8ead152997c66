-- What a year's cap allows is data: seeds/rating_caps.csv. NULL where there is none, or where it is by peers, whom the forms do not name.
with
quota as (
    select
        s.period_type_code, s.period, s.year, s.unit_key, s.unit_code, s.unit_type_code, s.unit_name, s.good_inclusive, s.excellent,
        cast(floor(s.good_inclusive * cap.cap_numerator / cap.cap_denominator) as bigint) as allowed
    from {{ ref('rpt_rating_summary') }} as s
    left join {{ ref('rating_caps') }} as cap
        on cap.rating_system_code = s.rating_system_code and cap.scope_code = 'BASE_ORGANISATION' and s.period_type_code = 'YEAR'
        and s.year >= cap.year_from and s.year <= coalesce(cap.year_to, 9999)
    where s.rating_system_code = 'PARTY_MEMBER' and s.unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
)

select
    period_type_code, period, year, unit_key, unit_code, unit_type_code, unit_name, good_inclusive, excellent, allowed,
    case when allowed is not null then greatest(excellent - allowed, 0) end as over
from quota
