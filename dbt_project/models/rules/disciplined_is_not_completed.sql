-- From 2025 only acts tied to duties count, and the forms do not ask for that yet: not asked.
with
disciplined as (
    select person_key, year
    from {{ ref('whole_fct_discipline') }}
    where
        discipline_system_code = 'PARTY' and subject_kind_code = 'PERSON'
        and coalesce(discipline_status_code, 'ACTIVE') <> 'ANNULLED_WRONGFUL' and not is_counted_elsewhere
    group by person_key, year
),

asked as (
    select
        {{ of_law('r', 'ratings', 'law') }},
        case
            when d.person_key is null and a.is_own then 'PASSED'
            when d.person_key is null then 'NOT_ASKED' -- nobody sent the year's discipline
            when law.scope_code <> 'ANY' then 'NOT_ASKED'
            when r.decided_level_code = law.level_code then 'PASSED'
            else 'FAILED'
        end as answer_code
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.rule_code = 'disciplined_is_not_completed' and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join disciplined as d on d.person_key = r.person_key and d.year = r.year
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'discipline' and a.year = r.year and a.unit_key = coalesce(r.base_unit_key, r.unit_key)
    where r.period_type_code = 'YEAR' and r.decided_level_code <> 'NOT_RATED'
)

{{ answers_of_law('decided_level_code') }}
