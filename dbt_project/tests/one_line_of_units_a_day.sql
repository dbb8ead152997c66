-- On no day has a unit, or a stretch of it, two lines of units above it, or none: by that views of bi find the one beside each fact.
{% for key in ['unit_version', 'unit'] %}
select p.unit_version_key, p.valid_from
from (
    select
        unit_version_key, valid_from, of_{{ key | replace('unit_', '') }}_from as first_day, of_{{ key | replace('unit_', '') }}_to as last_day,
        lag(of_{{ key | replace('unit_', '') }}_to) over (partition by {{ key }}_key order by valid_from asc nulls last) as last_day_before,
        lead(valid_from) over (partition by {{ key }}_key order by valid_from asc nulls last) is null as is_last
    from {{ ref('dim_unit_path') }}
) as p
where p.first_day <> coalesce({{ add_days('p.last_day_before', 1) }}, date '0001-01-01') or (p.is_last and p.last_day <> date '9999-12-31')
{% if not loop.last %}union all{% endif %}
{% endfor %}
