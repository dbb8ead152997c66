-- Whoever is on the roster for a whole year was trained as many hours in it as the law says; `scope_code` says in which programmes. A law
-- speaks of the years that it governs from the first day to the last; a course's hours count in the year in which it began.
with
courses as (
    select coalesce(year(t.training_from), v.year) as year, t.person_key, t.programme_type_code, t.hours
    from {{ ref('whole_fct_training') }} as t
    inner join {{ ref('versions') }} as v on v.submission_key = t.submission_key
),

people as (
    select
        s.submission_key, s.sheet, s.row_no, s.person_key, s.year, {{ organisation_of('s') }} as answering_unit_key,
        s.spell_from_precision_code = 'ASSUMED' as is_start_unknown, y.period_to < run.as_of as has_ended,
        law.rule_code, law.version_code, law.severity_code, law.hours as needed_hours, law.scope_code,
        {{ is_spoken_of('law', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }} as is_spoken_of
    from {{ ref('laws') }} as law
    cross join {{ source('context', 'run') }} as run
    inner join {{ source('context', 'periods') }} as y
        on law.family_code = 'SUM_IN_YEAR' and y.period_type_code = 'YEAR'
        and {{ governs('law', 'y.period_from') }} and {{ governs('law', 'y.period_to') }}
    inner join {{ ref('last_spells') }} as s on s.year = y.year and s.first_from <= y.period_from and {{ end_of('s.spell_to') }} >= y.period_to
),

sums as (
    select
        p.person_key, p.year, p.version_code,
        cast(sum(case when p.scope_code in ('ANY_TRAINING', c.programme_type_code) then c.hours else 0 end) as double) as hours,
        max(case when c.hours is null or p.scope_code not in ('ANY_TRAINING', coalesce(c.programme_type_code, '')) then 1 else 0 end) = 1 as is_open
    from people as p
    inner join courses as c
        on c.person_key = p.person_key and c.year = p.year
        and (p.scope_code = 'ANY_TRAINING' or c.programme_type_code is null or c.programme_type_code = p.scope_code)
    group by p.person_key, p.year, p.version_code
),

asked as (
    select
        {{ of_law('p', 'personnel', 'p') }},
        case
            when p.is_spoken_of <> 'YES' then p.is_spoken_of
            when not p.has_ended then 'YEAR_RUNS'
            when h.hours >= p.needed_hours then 'PASSED'
            when h.is_open then 'VALUE_UNKNOWN'
            when p.is_start_unknown then 'DAY_UNKNOWN'
            when a.is_own then 'FAILED'
            else 'FILE_OF_YEAR_MISSING'
        end as answer
    from people as p
    left join sums as h on h.person_key = p.person_key and h.year = p.year and h.version_code = p.version_code
    left join {{ ref('answered') }} as a on a.dataset_code = 'training' and a.year = p.year and a.unit_key = p.answering_unit_key
    where p.is_spoken_of <> 'NO'
)

{{ answers_of_law('identity_number') }}
