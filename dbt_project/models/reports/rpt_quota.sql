-- What a year's cap allows is data: seeds/rating_caps.csv. NULL where there is none, or where it is by peers, whom the forms do not name.
select
    s.period_type_code, s.period, s.year, s.unit_key, s.unit_code, s.unit_type_code, s.unit_name, s.good_inclusive, s.excellent,
    cast(floor(s.good_inclusive * cap.cap_numerator / cap.cap_denominator) as bigint) as allowed,
    greatest(s.excellent - cast(floor(s.good_inclusive * cap.cap_numerator / cap.cap_denominator) as bigint), 0) as over
from {{ ref('rpt_rating_summary') }} as s
left join {{ ref('rating_caps') }} as cap
    on cap.rating_system_code = s.rating_system_code and cap.scope_code = 'BASE_ORGANISATION' and s.period_type_code = 'YEAR'
    and s.year >= cap.year_from and s.year <= coalesce(cap.year_to, 9999)
where s.rating_system_code = 'PARTY_MEMBER' and s.unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
