-- Without a day of its end, discipline lasts as long as the law says.
with
disciplined as (
    select person_key, effective_on, effect_end_on
    from {{ ref('whole_fct_discipline') }}
    where discipline_system_code = 'PARTY' and subject_kind_code = 'PERSON' and coalesce(discipline_status_code, 'ACTIVE') <> 'ANNULLED_WRONGFUL'
),

moves as (
    select
        r.*, law.rule_code, law.version_code, law.severity_code,
        max(
            case when r.posting_from >= d.effective_on and r.posting_from <= coalesce(d.effect_end_on, {{ add_months('d.effective_on', 'law.months') }}) then 1 else 0 end
        ) over (partition by r.rotation_key) as is_disciplined,
        max(case when d.person_key is not null and d.effective_on is null then 1 else 0 end)
            over (partition by r.rotation_key) as is_day_unknown
    from {{ ref('whole_fct_rotation') }} as r
    inner join {{ ref('laws') }} as law
        on law.rule_code = 'no_move_during_discipline' and {{ governs('law', 'r.posting_from', 'r.rotation_kind_code') }}
    left join disciplined as d on d.person_key = r.person_key
),

asked as (
    select distinct
        {{ of_law('m', 'rotation', 'm') }},
        case
            when m.is_disciplined = 1 then 'FAILED'
            when m.is_day_unknown = 1 then 'NOT_ASKED'
            when a.is_own then 'PASSED'
            else 'NOT_ASKED' -- nobody sent the year's discipline
        end as answer_code
    from moves as m
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'discipline' and a.year = year(m.posting_from) and a.unit_key = coalesce(m.base_unit_key, m.unit_key)
)

{{ answers_of_law('posting_from') }}
