with
officials as (
    select person_key, period, max(case when decided_level_code = 'EXCELLENT' then 1 else 0 end) as is_excellent
    from {{ ref('rating_rows') }}
    where rating_system_code in ('CADRE', 'CIVIL_SERVANT', 'PUBLIC_EMPLOYEE')
    group by person_key, period
),

asked as (
    select
        {{ of_law('r', 'ratings', 'law') }},
        case when o.person_key is null then 'NOT_ASKED' when o.is_excellent = 1 then 'PASSED' else 'FAILED' end as answer_code
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.rule_code = 'member_excellent_needs_official_excellent' and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join officials as o on o.person_key = r.person_key and o.period = r.period
    where r.period_type_code = 'YEAR' and r.decided_level_code = law.level_code
)

{{ answers_of_law('decided_level_code') }}
