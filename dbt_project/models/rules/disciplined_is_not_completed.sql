-- Discipline of any system, of whoever is rated as what the law speaks of. A case that counted in the year before does not count again. A
-- version that speaks of acts tied to duties is asked where the decision says that; of other acts the forms do not say whether they were.
with
decisions as (
    select person_key, year, case_no, is_counted_elsewhere, violation_code = 'DUTY' as is_tied_to_duty
    from {{ ref('whole_fct_discipline') }} as f
    where subject_kind_code = 'PERSON' and person_key is not null and {{ stands('f') }}
),

-- numbers of cases begin anew with each term: what is years apart is another case
counted as (
    select distinct person_key, case_no, year + 1 as following_year from decisions where case_no is not null
),

disciplined as (
    select d.person_key, d.year, max(case when d.is_tied_to_duty then 1 else 0 end) = 1 as is_tied_to_duty
    from decisions as d
    left join counted as c on c.person_key = d.person_key and c.case_no = d.case_no and c.following_year = d.year
    where not d.is_counted_elsewhere and c.person_key is null
    group by d.person_key, d.year
),

asked as (
    select
        {{ of_law('r', 'ratings', 'law') }},
        case
            when d.person_key is null and a.is_own then 'PASSED'
            when d.person_key is null then 'FILE_OF_YEAR_MISSING'
            when law.scope_code = 'DUTY' and not d.is_tied_to_duty then 'NOT_IN_FORMS'
            when r.decided_level_code = law.level_code then 'PASSED'
            else 'FAILED'
        end as answer
    from {{ ref('rating_rows') }} as r
    inner join {{ ref('laws') }} as law
        on law.rule_code = 'disciplined_is_not_completed' and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    left join disciplined as d on d.person_key = r.person_key and d.year = r.year
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'discipline' and a.year = r.year and a.unit_key = {{ organisation_of('r') }}
    where r.period_type_code = 'YEAR' and r.decided_level_code <> 'NOT_RATED'
)

{{ answers_of_law('decided_level_code') }}
