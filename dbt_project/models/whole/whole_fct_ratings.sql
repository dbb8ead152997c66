with
ratings as (
    select
        c.fact_key as rating_key, r.rating_system_code,
        case when r.rating_system_code = 'COLLECTIVE' then 'ORGANISATION' else 'PERSON' end as subject_kind_code,
        c.person_key, case when r.rating_system_code = 'COLLECTIVE' then c.unit_key end as subject_unit_key,
        r.period_type_code, r.period, p.year, p.period_to, c.unit_key, c.unit_version_key, c.base_unit_key,
        r.self_level_code, r.proposed_level_code, r.decided_level_code, r.score, r.not_rated_reason_code,
        r.decision_no, r.official_decision_no, r.decided_on, r.submission_key, r.sheet, r.row_no
    from {{ rows_of_record('ratings') }}
    inner join {{ ref('stg_periods') }} as p on p.period = r.period
),

-- on the roster means: as what the rating says, a member or a cadre, civil servant, public employee
rostered as (
    select
        r.*, h.unit_key as headcount_unit_key, h.unit_version_key as headcount_unit_version_key,
        case
            when h.person_key is null then false
            when r.rating_system_code = 'PARTY_MEMBER' then h.is_member
            when r.rating_system_code = 'LEADER' then true
            else h.staff_kind_code = r.rating_system_code
        end as is_on_roster
    from ratings as r
    left join {{ ref('whole_fct_headcount') }} as h on h.person_key = r.person_key and h.period = r.period
)

select
    r.rating_key, r.rating_system_code, r.subject_kind_code, r.person_key, r.subject_unit_key,
    r.period_type_code, r.period, r.year, r.period_to, r.unit_key, r.unit_version_key, r.base_unit_key,
    r.self_level_code, r.proposed_level_code, r.decided_level_code, r.score, r.not_rated_reason_code, r.decision_no,
    r.official_decision_no, r.decided_on,
    case
        when r.rating_system_code = 'COLLECTIVE' then 'NOT_ASKED'
        when r.is_on_roster then 'ON_ROSTER'
        when a.is_own then 'OUTSIDE'
        else 'NOT_ASKED'
    end as roster_answer_code,
    r.headcount_unit_key, r.headcount_unit_version_key, r.submission_key, r.sheet, r.row_no
from rostered as r
left join {{ ref('answered') }} as a
    on a.dataset_code = 'personnel' and a.year = r.year and a.unit_key = coalesce(r.base_unit_key, r.unit_key)
