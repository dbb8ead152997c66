with
officials as (
    select person_key, period, max(case when decided_level_code = 'EXCELLENT' then 1 else 0 end) as is_excellent
    from {{ ref('rating_rows') }}
    where rating_system_code in ('CADRE', 'CIVIL_SERVANT', 'PUBLIC_EMPLOYEE')
    group by person_key, period
),

asked as (
    select
        {{ of_row('r', 'ratings') }},
        case when o.person_key is null then 'NOT_ASKED' when o.is_excellent = 1 then 'PASSED' else 'FAILED' end as answer_code
    from {{ ref('rating_rows') }} as r
    left join officials as o on o.person_key = r.person_key and o.period = r.period
    where
        r.rating_system_code = 'PARTY_MEMBER' and r.period_type_code = 'YEAR'
        and r.decided_level_code = 'EXCELLENT' and r.year between 2019 and 2022
)

{{ answers('member_excellent_needs_official_excellent', 'decided_level_code') }}
