-- The tree has five levels (city, superior, base, section, cell), so four steps up reach the city from anywhere.
with
stretches as (
    select
        {{ key(['unit_id']) }} as unit_key,
        {{ key(['unit_id', 'valid_from']) }} as unit_version_key,
        unit_id, parent_unit_id, unit_type_code, valid_from,
        {{ end_of('valid_to') }} as last_day
    from {{ source('context', 'units') }}
),

step_0 as (
    select
        unit_version_key, unit_key, unit_key as ancestor_unit_key, unit_type_code as ancestor_unit_type_code,
        parent_unit_id, 0 as depth, valid_from, last_day
    from stretches
)
{% for step in range(1, 5) %}
, step_{{ step }} as (
    select
        below.unit_version_key, below.unit_key, above.unit_key as ancestor_unit_key,
        above.unit_type_code as ancestor_unit_type_code, above.parent_unit_id, {{ step }} as depth,
        greatest(below.valid_from, above.valid_from) as valid_from, least(below.last_day, above.last_day) as last_day
    from step_{{ step - 1 }} as below
    inner join stretches as above
        on above.unit_id = below.parent_unit_id and above.valid_from <= below.last_day and above.last_day >= below.valid_from
)
{% endfor %}
{% for step in range(0, 5) %}
select
    unit_version_key, unit_key, ancestor_unit_key, ancestor_unit_type_code, depth, valid_from,
    nullif(last_day, date '9999-12-31') as valid_to
from step_{{ step }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
