with
ratings as (
    select
        c.fact_key as rating_key, r.rating_system_code,
        case when r.rating_system_code = 'COLLECTIVE' then 'ORGANISATION' else 'PERSON' end as subject_kind_code,
        c.person_key, case when r.rating_system_code = 'COLLECTIVE' and not c.is_unit_assumed then c.unit_key end as subject_unit_key,
        p.period_type_code, r.period, p.year, p.period_to, c.unit_key, c.unit_version_key, c.base_unit_key, c.is_unit_assumed,
        r.self_level_code, r.proposed_level_code, r.decided_level_code, r.score, r.not_rated_reason_code,
        r.decision_no, r.official_decision_no, r.decided_on, r.full_name_letters_key,
        -- the first and the last day on which it may have been rated; a day before the period decided nothing of it, and nobody knows another
        case when {{ latest_start('r.decided_on') }} >= p.period_from then greatest(r.decided_on, p.period_from) else p.period_to end as rated_from,
        case when {{ latest_start('r.decided_on') }} >= p.period_from then {{ latest_start('r.decided_on') }} else p.period_to end as rated_on,
        r.submission_key, r.sheet, r.row_no
    from {{ rows_of_record('ratings') }}
    inner join {{ source('context', 'periods') }} as p on p.period = r.period
),

counted as (
    select
        r.*, h.person_key is not null as is_counted, h.unit_key as headcount_unit_key, h.unit_version_key as headcount_unit_version_key,
        h.is_member, h.staff_kind_code
    from ratings as r
    left join {{ ref('fct_headcount') }} as h on h.person_key = r.person_key and h.period = r.period
),

-- who was on the roster on the day of the rating, or on any that may have been it, and left or died before the period's end: rated where and when he was
left_since as (
    select
        r.rating_key, s.unit_key, s.unit_version_key, s.member_status_code, s.staff_kind_code,
        row_number() over (partition by r.rating_key order by s.spell_from desc nulls last, {{ record_order('v', 's') }}) as newest_first
    from counted as r
    inner join {{ ref('whole_fct_personnel') }} as s
        on s.person_key = r.person_key and s.year = r.year and coalesce(s.spell_kind_code, 'PRIMARY') = 'PRIMARY'
        and s.spell_from <= r.rated_on and {{ end_of('s.spell_to') }} >= r.rated_from
    inner join {{ ref('versions') }} as v on v.submission_key = s.submission_key
    where not r.is_counted and r.rated_from < r.period_to
),

-- on the roster means: as what the rating says, a member or a cadre, civil servant, public employee; what the roster does not tell is what
-- the person is rated as
rostered as (
    select
        r.*, l.unit_key as left_unit_key, l.unit_version_key as left_unit_version_key,
        case
            when r.is_counted then
                case
                    when r.rating_system_code = 'PARTY_MEMBER' then r.is_member
                    when r.rating_system_code = 'LEADER' then true
                    else r.staff_kind_code = r.rating_system_code
                end
            when l.rating_key is null then false
            when r.rating_system_code = 'PARTY_MEMBER' then coalesce(l.member_status_code in ('FULL', 'PROBATIONARY'), true)
            when r.rating_system_code = 'LEADER' then true
            else coalesce(l.staff_kind_code = r.rating_system_code, true)
        end as is_on_roster
    from counted as r
    left join left_since as l on l.rating_key = r.rating_key and l.newest_first = 1
),

-- who stands on a roster without a number, and is linked to nobody: whoever bears the name may be that one
unlinked as (
    select distinct u.organisation_key, v.year, u.full_name_letters_key
    from {{ ref('linked_people') }} as l
    inner join {{ ref('unnumbered') }} as u on {{ same_row('u', 'l') }} and u.full_name_letters_key is not null
    inner join {{ ref('versions') }} as v on v.submission_key = u.submission_key
    where l.dataset_code = 'personnel' and l.unlinked_reason_code is not null
)

select
    r.rating_key, r.rating_system_code, r.subject_kind_code, r.person_key, r.subject_unit_key,
    r.period_type_code, r.period, r.year, r.period_to, r.unit_key, r.unit_version_key, r.base_unit_key, r.is_unit_assumed,
    r.self_level_code, r.proposed_level_code, r.decided_level_code, r.score, r.not_rated_reason_code, r.decision_no,
    r.official_decision_no, r.decided_on, r.rated_from, r.rated_on,
    case
        when r.rating_system_code = 'COLLECTIVE' then 'NOT_ASKED'
        when r.is_on_roster then 'ON_ROSTER'
        when a.is_own and (p.unlinked_reason_code is not null or o.year is not null) then 'UNLINKED'
        when a.is_own then 'OUTSIDE'
        else 'NOT_ASKED'
    end as roster_answer_code,
    coalesce(r.is_on_roster and not r.is_counted, false) as is_left_after_rating,
    coalesce(r.headcount_unit_key, r.left_unit_key) as headcount_unit_key,
    coalesce(r.headcount_unit_version_key, r.left_unit_version_key) as headcount_unit_version_key, r.submission_key, r.sheet, r.row_no
from rostered as r
left join {{ ref('answered') }} as a
    on a.dataset_code = 'personnel' and a.period = r.period and a.unit_key = {{ organisation_of('r') }}
left join {{ ref('linked_people') }} as p on {{ same_row('p', 'r') }} and p.unlinked_reason_code is not null and p.is_named_on_roster
left join unlinked as o
    on o.organisation_key = coalesce(r.base_unit_key, r.unit_key) and o.year = r.year and o.full_name_letters_key = r.full_name_letters_key
