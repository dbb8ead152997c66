-- The line of units above each unit, in columns: what bi reads, so that nobody needs the bridge. A unit lies at most four steps below the city.
{% set places = {'city': ['CITY'], 'superior': ['SUPERIOR'], 'base': ['BASE_COMMITTEE', 'BASE_CELL'], 'section': ['SECTION'], 'cell': ['CELL']} %}
with
stretches as (
    select
        {{ key(['unit_id', 'valid_from']) }} as unit_version_key, {{ key(['unit_id']) }} as unit_key, unit_id, parent_unit_id,
        unit_code, unit_name, unit_type_code, valid_from, {{ end_of('valid_to') }} as last_day
    from {{ source('context', 'units') }}
),

step_0 as (
    select
        unit_version_key, unit_key, unit_code, unit_name, unit_type_code, parent_unit_id, valid_from, last_day
        {% for place, types in places.items() %}
        , case when unit_type_code in ('{{ types | join("', '") }}') then unit_code end as {{ place }}_code
        , case when unit_type_code in ('{{ types | join("', '") }}') then unit_name end as {{ place }}_name
        {% endfor %}
    from stretches
)
{% for step in range(1, 5) %}
, step_{{ step }} as (
    select
        below.unit_version_key, below.unit_key, below.unit_code, below.unit_name, below.unit_type_code, above.parent_unit_id,
        case when above.valid_from > below.valid_from then above.valid_from else below.valid_from end as valid_from,
        case when above.last_day < below.last_day then above.last_day else below.last_day end as last_day
        {% for place, types in places.items() %}
        , coalesce(below.{{ place }}_code, case when above.unit_type_code in ('{{ types | join("', '") }}') then above.unit_code end) as {{ place }}_code
        , coalesce(below.{{ place }}_name, case when above.unit_type_code in ('{{ types | join("', '") }}') then above.unit_name end) as {{ place }}_name
        {% endfor %}
    from step_{{ step - 1 }} as below
    left join stretches as above
        on above.unit_id = below.parent_unit_id and above.valid_from <= below.last_day and above.last_day >= below.valid_from
)
{% endfor %}
, paths as (
    select
        p.*, type.label_vi as unit_type_label, type.sort_order as unit_type_sort,
        lag(p.valid_from) over (partition by p.unit_version_key order by p.valid_from asc nulls last) is null as is_first_of_version,
        lead(p.valid_from) over (partition by p.unit_version_key order by p.valid_from asc nulls last) as next_of_version,
        lag(p.valid_from) over (partition by p.unit_key order by p.valid_from asc nulls last) is null as is_first_of_unit,
        lead(p.valid_from) over (partition by p.unit_key order by p.valid_from asc nulls last) as next_of_unit
    from step_4 as p
    left join {{ ref('codes') }} as type on type.list = 'unit_type' and type.code = p.unit_type_code
)

select
    unit_version_key, unit_key, unit_code, unit_name, unit_type_code, unit_type_label, unit_type_sort,
    {% for place in places -%}
    {{ place }}_code, {{ place }}_name,
    {% endfor -%}
    valid_from, nullif(last_day, date '9999-12-31') as valid_to,
    case when is_first_of_version then date '0001-01-01' else valid_from end as of_version_from,
    coalesce({{ add_days('next_of_version', -1) }}, date '9999-12-31') as of_version_to,
    case when is_first_of_unit then date '0001-01-01' else valid_from end as of_unit_from,
    coalesce({{ add_days('next_of_unit', -1) }}, date '9999-12-31') as of_unit_to
from paths
