-- Nobody is moved as a law names while discipline is in effect; `scope_code` says whose discipline counts. Without a day of its end it lasts
-- as long as the law says, and so far back the files of discipline must have been answered, of whoever tells of the move and of wherever rosters
-- know the person. Whether its anniversary is still of its effect the law
-- leaves open, and so does this.
with
disciplined as (
    select person_key, discipline_system_code, effective_on, effective_on_precision_code, effect_end_on, effect_end_on_precision_code
    from {{ ref('whole_fct_discipline') }} as f
    where subject_kind_code = 'PERSON' and {{ stands('f') }}
),

moves as (
    select
        r.rotation_key, r.submission_key, r.sheet, r.row_no, r.person_key, {{ organisation_of('r') }} as answering_unit_key,
        r.posting_from, {{ latest_start('r.posting_from') }} as latest_from,
        year({{ add_months('r.posting_from', '(-law.months)') }}) as first_year, year({{ latest_start('r.posting_from') }}) as last_year,
        law.rule_code, law.version_code, law.severity_code, law.scope_code, law.months,
        {{ surely_governs('law', 'r.posting_from') }} as is_sure, {{ is_spoken_of('law', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }} as is_spoken_of
    from {{ ref('laws') }} as law
    inner join {{ ref('whole_fct_rotation') }} as r
        on law.family_code = 'NOTHING_DURING' and {{ may_govern('law', 'r.posting_from', 'r.rotation_kind_code') }}
    left join {{ ref('roster_on_day') }} as s on s.fact_key = r.rotation_key
),

facts as (
    select
        m.rotation_key, m.version_code,
        max(case
            when m.posting_from >= {{ latest_start('d.effective_on') }}
                and m.latest_from < coalesce({{ earliest_end('d.effect_end_on') }}, {{ add_months('d.effective_on', 'm.months') }}) then 1
            else 0
        end) as is_during,
        max(case
            when d.effective_on is null then 1
            when m.latest_from >= d.effective_on
                and m.posting_from <= coalesce(d.effect_end_on, {{ add_months(latest_start('d.effective_on'), 'm.months') }}) then 1
            else 0
        end) as may_be_during
    from moves as m
    inner join disciplined as d on d.person_key = m.person_key and (m.scope_code = 'ANY' or d.discipline_system_code = m.scope_code)
    group by m.rotation_key, m.version_code
),

files as (
    select m.rotation_key, m.version_code, count(*) as year_count
    from moves as m
    inner join {{ ref('answered') }} as a
        on a.dataset_code = 'discipline' and a.is_own and a.unit_key = m.answering_unit_key and a.year between m.first_year and m.last_year
    group by m.rotation_key, m.version_code
),

unanswered as (
    select distinct m.rotation_key, m.version_code
    from moves as m
    inner join {{ ref('whole_fct_personnel') }} as s
        on s.person_key = m.person_key and s.year between m.first_year and m.last_year and {{ is_primary('s') }}
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'discipline' and a.is_own and a.year = s.year and a.unit_key = {{ organisation_of('s') }}
    where a.unit_key is null
),

asked as (
    select
        {{ of_law('m', 'rotation', 'm') }},
        case
            when not m.is_sure then 'DAY_UNKNOWN'
            when coalesce(f.may_be_during, 0) = 0 and u.rotation_key is null and n.year_count = m.last_year - m.first_year + 1
                then 'PASSED'
            when coalesce(f.may_be_during, 0) = 0 then 'FILE_OF_YEAR_MISSING'
            when m.is_spoken_of <> 'YES' then m.is_spoken_of
            when f.is_during = 1 then 'FAILED'
            else 'DAY_UNKNOWN'
        end as answer
    from moves as m
    left join facts as f on f.rotation_key = m.rotation_key and f.version_code = m.version_code
    left join files as n on n.rotation_key = m.rotation_key and n.version_code = m.version_code
    left join unanswered as u on u.rotation_key = m.rotation_key and u.version_code = m.version_code
    where m.is_spoken_of <> 'NO'
)

{{ answers_of_law('posting_from') }}
