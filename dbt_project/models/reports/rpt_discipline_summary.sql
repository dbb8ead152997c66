-- Party discipline of persons, announced (else signed) in the year and not annulled as wrongful; in every unit and year each
-- person counts once, at the heaviest form and the highest committee level; a form that nobody could read is none of the forms.
-- Of a unit for which nobody answered nothing is known; the change on last year is where everybody did, in both years.
with
disciplined as (
    select
        d.year, b.ancestor_unit_key as unit_key, d.person_key,
        max_by(form.code, form.rank) as discipline_form_code, max(coalesce(level.rank, 0)) as committee_rank
    from {{ ref('whole_fct_discipline') }} as d
    inner join {{ ref('dim_unit') }} as u on u.unit_version_key = d.unit_version_key
    inner join {{ source('context', 'periods') }} as y on y.period_type_code = 'YEAR' and y.year = d.year
    {{ ancestors_on('u', 'coalesce(d.effective_on, y.period_to)') }}
    left join {{ ref('codes') }} as form on form.list = 'discipline_form' and form.code = d.discipline_form_code
    left join {{ ref('codes') }} as level on level.list = 'committee_level' and level.code = d.committee_level_code
    where d.discipline_system_code = 'PARTY' and d.subject_kind_code = 'PERSON' and {{ stands('d') }}
    group by d.year, b.ancestor_unit_key, d.person_key
),

counts as (
    select
        p.year, p.unit_key, cast(count(*) as bigint) as persons_disciplined
        {% for form in ['REPRIMAND', 'WARNING', 'REMOVAL', 'EXPULSION'] %}
        , {{ count_where("p.discipline_form_code = '" ~ form ~ "'") }} as {{ form | lower }}
        {% endfor %}
        {% for level in ['CENTRAL', 'PROVINCIAL', 'SUPERIOR_OF_BASE', 'BASE', 'CELL', 'NONE'] %}
        , {{ count_where("level.code = '" ~ level ~ "'") }} as committee_{{ level | lower }}
        {% endfor %}
    from disciplined as p
    inner join {{ ref('codes') }} as level on level.list = 'committee_level' and level.rank = p.committee_rank
    group by p.year, p.unit_key
),

every_unit as (
    select
        y.year, u.unit_key, u.unit_code, u.unit_type_code, u.unit_name,
        coalesce(silent.units_without_answer, 0) as units_without_answer, {{ where_answered('c.persons_disciplined') }} as persons_disciplined
        {% for measure in ['reprimand', 'warning', 'removal', 'expulsion', 'committee_central', 'committee_provincial',
                           'committee_superior_of_base', 'committee_base', 'committee_cell', 'committee_none'] %}
        , {{ where_answered('c.' ~ measure) }} as {{ measure }}
        {% endfor %}
    {{ from_every_unit('discipline') }}
    left join counts as c on c.year = y.year and c.unit_key = u.unit_key
)

select
    now.year, now.unit_key, now.unit_code, now.unit_type_code, now.unit_name, now.persons_disciplined,
    case when now.units_without_answer + before.units_without_answer = 0 then now.persons_disciplined - before.persons_disciplined end
        as change_on_last_year,
    now.reprimand, now.warning, now.removal, now.expulsion, now.committee_central, now.committee_provincial,
    now.committee_superior_of_base, now.committee_base, now.committee_cell, now.committee_none,
    now.units_without_answer
from every_unit as now
left join every_unit as before on before.unit_key = now.unit_key and before.year = now.year - 1
