-- What a year's cap allows stands in the rule book. NULL where there is none, or where it is by peers, whom the forms do not name.
with
quota as (
    select
        p.period_type_code, p.period, p.year, u.unit_key, u.unit_code, u.unit_type_code, u.unit_name,
        coalesce(r.good_inclusive, 0) as good_inclusive, coalesce(r.excellent, 0) as excellent,
        coalesce(answers.units_with_answer, 0) > 0 as has_answer,
        cast(floor(coalesce(r.good_inclusive, 0) * cap.numerator / cap.denominator) as bigint) as allowed
    from {{ ref('asked_periods') }} as p
    inner join {{ ref('dim_unit') }} as u
        on u.unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL') and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    left join {{ ref('base_ratings') }} as r
        on r.period = p.period and r.base_unit_key = u.unit_key and r.rating_system_code = 'PARTY_MEMBER'
    left join {{ ref('unanswered_ratings') }} as answers
        on answers.rating_system_code = 'PARTY_MEMBER' and answers.period = p.period and answers.unit_key = u.unit_key
    left join {{ ref('laws') }} as cap
        on cap.family_code = 'SHARE_WITHIN_CAP' and cap.scope_code = 'BASE_ORGANISATION' and p.period_type_code = 'YEAR'
        and {{ governs('cap', 'p.period_to', "'PARTY_MEMBER'") }}
),

-- of whom nobody sent members' ratings it is unknown
told as (
    select
        period_type_code, period, year, unit_key, unit_code, unit_type_code, unit_name
        {% for measure in ['good_inclusive', 'excellent', 'allowed'] %}
        , case when has_answer then {{ measure }} end as {{ measure }}
        {% endfor %}
    from quota
)

select
    period_type_code, period, year, unit_key, unit_code, unit_type_code, unit_name, good_inclusive, excellent, allowed,
    case when allowed is not null then greatest(excellent - allowed, 0) end as over
from told
