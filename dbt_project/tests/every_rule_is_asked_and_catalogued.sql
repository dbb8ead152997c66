{{ config(meta={'dagster': {'ref': {'name': 'quality_rules'}}}) }}
-- depends_on: {{ ref('quality_rules') }}
-- A rule that nobody asks, or whose sentence nobody wrote, would fail silently.
{% set unasked = [] %}
{% if execute %}
{% for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1] == 'rules' and node.name not in warehouse_rules() %}
{% do unasked.append(node.name) %}
{% endfor %}
{% endif %}
select rule_code
from {{ ref('whole_findings') }}
where says_vi is null or severity_code is null
union all
select asked.rule_code
from (
    {% for rule in warehouse_rules() %}
    select '{{ rule }}' as rule_code{% if not loop.last %} union all {% endif %}
    {% endfor %}
) as asked
left join {{ ref('rules') }} as r on r.rule_code = asked.rule_code and r.step_code = 'WAREHOUSE'
where r.rule_code is null
{% for rule in unasked %}
union all
select '{{ rule }}' as rule_code
{% endfor %}
