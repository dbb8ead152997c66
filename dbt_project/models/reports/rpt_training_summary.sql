-- A course whose first day is unknown began in the year that it was sent for.
-- A course counts in every year it was open in, its hours in the year it began. Without an end it ran
-- up to the year whose report last named it. Staff are whom the rosters of the year's last day say to be.
{% set types = ['POL_THEORY', 'DEFENCE', 'STATE_MGMT', 'PROF_TITLE', 'LEADERSHIP', 'POSITION', 'DIGITAL', 'LANGUAGE', 'IT', 'ETHNIC_LANG', 'DEGREE'] %}
with
years as (
    select period_from, period_to, year from {{ source('context', 'periods') }} where period_type_code = 'YEAR'
),

attendances as (
    select
        y.year, b.ancestor_unit_key as unit_key, t.person_key, t.programme_type_code,
        case when coalesce(year(t.training_from), v.year) = y.year then t.hours end as hours,
        h.staff_kind_code in ('CADRE', 'CIVIL_SERVANT', 'PUBLIC_EMPLOYEE') as is_of_staff
    from {{ ref('whole_fct_training') }} as t
    inner join {{ ref('versions') }} as v on v.submission_key = t.submission_key
    inner join years as y on y.year between coalesce(year(t.training_from), v.year) and coalesce(year(t.training_to), v.year)
    inner join {{ ref('dim_unit') }} as u on u.unit_version_key = t.unit_version_key
    {{ ancestors_on('u', 'least(greatest(coalesce(t.training_from, y.period_from), y.period_from), y.period_to)') }}
    left join {{ ref('fct_headcount') }} as h on h.person_key = t.person_key and h.period_type_code = 'YEAR' and h.year = y.year
),

counts as (
    select
        year, unit_key, cast(count(distinct person_key) as bigint) as persons, cast(count(*) as bigint) as attendances,
        cast(coalesce(sum(hours), 0) as double) as hours, cast(coalesce(sum(case when is_of_staff then hours end), 0) as double) as staff_hours
        {% for type in types %}
        , {{ count_where("programme_type_code = '" ~ type ~ "'") }} as {{ type | lower }}_attendances
        {% endfor %}
    from attendances
    group by year, unit_key
)

select
    y.year, u.unit_key, u.unit_code, u.unit_type_code, u.unit_name,
    {{ where_answered('c.persons') }} as persons, {{ where_answered('c.attendances') }} as attendances, {{ where_answered('c.hours') }} as hours,
    {{ where_answered('c.staff_hours') }} as staff_hours
    {% for type in types %}
    , {{ where_answered('c.' ~ (type | lower) ~ '_attendances') }} as {{ type | lower }}_attendances
    {% endfor %}
    , coalesce(silent.units_without_answer, 0) as units_without_answer
{{ from_every_unit('training') }}
left join counts as c on c.year = y.year and c.unit_key = u.unit_key
