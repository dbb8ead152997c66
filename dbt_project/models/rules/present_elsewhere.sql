-- Of each year that ended while a posting ran, the destination sent a rating of the person, who by the roster of the year's last day was this
-- or that; `post_codes` are the posts of which the law speaks, `allowed_codes` the systems of ratings that count. Of a posting's years the
-- worst is told. A quarter's list is no answer for its year.
with
postings as (
    select
        r.rotation_key, r.submission_key, r.sheet, r.row_no, r.person_key, r.to_unit_key, r.to_post_code, y.year, y.period_to,
        to_unit.base_unit_key as to_base_unit_key, law.rule_code, law.version_code, law.severity_code, law.roster_codes, law.allowed_codes
    from {{ ref('laws') }} as law
    cross join {{ source('context', 'run') }} as run
    inner join {{ ref('whole_fct_rotation') }} as r
        on law.family_code = 'PRESENT_ELSEWHERE' and {{ one_of('r.rotation_kind_code', 'law.subject_codes') }}
        and (r.to_post_code is null or {{ one_of('r.to_post_code', 'law.post_codes') }})
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    inner join {{ source('context', 'periods') }} as y
        on y.period_type_code = 'YEAR' and y.year <= v.year and y.period_to < run.as_of and {{ governs('law', 'y.period_to') }}
        and {{ latest_start('r.posting_from') }} <= y.period_to and {{ end_of('r.posting_to') }} >= y.period_to
    left join {{ ref('dim_unit') }} as to_unit
        on to_unit.unit_key = r.to_unit_key and {{ is_open_on('y.period_to', 'to_unit.valid_from', 'to_unit.valid_to') }}
),

days as (
    select distinct rotation_key, person_key, year, period_to as first_day, period_to as last_day
    from postings
),

on_day as (
    {{ roster_of('days', ['rotation_key', 'year']) }}
),

asked_of as (
    select p.*, {{ is_spoken_of('p', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }} as is_spoken_of
    from postings as p
    left join on_day as s on s.rotation_key = p.rotation_key and s.year = p.year
),

rated as (
    select distinct p.rotation_key, p.year, p.version_code
    from postings as p
    inner join {{ ref('whole_fct_ratings') }} as r
        on r.person_key = p.person_key and r.year = p.year and r.period_type_code = 'YEAR'
        and {{ one_of('r.rating_system_code', 'p.allowed_codes') }} and (r.unit_key = p.to_unit_key or r.base_unit_key = p.to_base_unit_key)
),

years as (
    select
        p.rotation_key, p.submission_key, p.sheet, p.row_no, p.rule_code, p.version_code, p.severity_code,
        case
            when r.rotation_key is not null then 'PASSED'
            when p.is_spoken_of <> 'YES' then p.is_spoken_of
            when p.to_post_code is null then 'VALUE_UNKNOWN'
            when p.to_unit_key is null then 'UNIT_UNKNOWN'
            when a.is_own then 'FAILED'
            else 'FILE_OF_YEAR_MISSING'
        end as answer
    from asked_of as p
    left join rated as r on r.rotation_key = p.rotation_key and r.year = p.year and r.version_code = p.version_code
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'ratings' and a.period = cast(p.year as string) and a.unit_key = coalesce(p.to_base_unit_key, p.to_unit_key)
    where p.is_spoken_of <> 'NO'
),

asked as (
    select
        {{ of_law('y', 'rotation', 'y') }},
        case
            when max(case when y.answer = 'FAILED' then 1 else 0 end) = 1 then 'FAILED'
            else coalesce(min(case when y.answer <> 'PASSED' then y.answer end), 'PASSED')
        end as answer
    from years as y
    group by y.rotation_key, y.submission_key, y.sheet, y.row_no, y.severity_code, y.rule_code, y.version_code
)

{{ answers_of_law('to_unit') }}
