-- QĐ 69 Điều 2(13), in force from 6 July 2022 to 16 August 2026. Without a day of its end, discipline lasts 12 months.
with
disciplined as (
    select person_key, effective_on, coalesce(effect_end_on, {{ add_months('effective_on', 12) }}) as effect_end_on
    from {{ ref('whole_fct_discipline') }}
    where discipline_system_code = 'PARTY' and subject_kind_code = 'PERSON' and coalesce(discipline_status_code, 'ACTIVE') <> 'ANNULLED_WRONGFUL'
),

moves as (
    select
        r.*,
        max(case when r.posting_from >= d.effective_on and r.posting_from <= d.effect_end_on then 1 else 0 end)
            over (partition by r.rotation_key) as is_disciplined,
        max(case when d.person_key is not null and d.effective_on is null then 1 else 0 end)
            over (partition by r.rotation_key) as is_day_unknown
    from {{ ref('whole_fct_rotation') }} as r
    left join disciplined as d on d.person_key = r.person_key
    where r.rotation_kind_code in ('ROTATION', 'TRANSFER')
),

asked as (
    select distinct
        {{ of_row('m', 'rotation') }},
        case
            when m.posting_from not between date '2022-07-06' and date '2026-08-16' then 'NOT_ASKED' -- not in force
            when m.is_disciplined = 1 then 'FAILED'
            when m.is_day_unknown = 1 then 'NOT_ASKED'
            when a.is_own then 'PASSED'
            else 'NOT_ASKED' -- nobody sent the year's discipline
        end as answer_code
    from moves as m
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'discipline' and a.year = year(m.posting_from) and a.unit_key = coalesce(m.base_unit_key, m.unit_key)
)

{{ answers('no_move_during_discipline', 'posting_from') }}
