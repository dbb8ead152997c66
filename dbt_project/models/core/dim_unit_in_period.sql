-- The units of every period that a report speaks of: what leads from a line of a report to its year and to all above it.
with
yearly as (
    {% for report in ['rpt_discipline_summary', 'rpt_rotation_summary', 'rpt_training_summary'] -%}
    select year from {{ ref(report) }}
    {% if not loop.last %}union{% endif %}
    {% endfor -%}
),

periods as (
    select period_type_code, period, year from {{ ref('rpt_rating_summary') }}
    union
    select period_type_code, period, year from {{ ref('rpt_submission_status') }}
    union
    select period_type_code, period, year from {{ ref('submissions') }} where year is not null -- a folder may be called after no period
    union
    select 'YEAR' as period_type_code, cast(year as string) as period, year from yearly
),

ends as (
    select period_type_code, period, year, {{ period_end('period') }} as period_to from periods
)

select
    p.period_type_code, p.period, p.year, p.period_to,
    u.unit_key, u.unit_code, u.unit_name, u.unit_type_code, u.unit_type_label, u.unit_type_sort,
    u.city_code, u.city_name, u.superior_code, u.superior_name, u.base_code, u.base_name,
    u.section_code, u.section_name, u.cell_code, u.cell_name,
    {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }} as is_open
from ends as p
inner join {{ ref('dim_unit_path') }} as u on p.period_to between u.of_unit_from and u.of_unit_to
