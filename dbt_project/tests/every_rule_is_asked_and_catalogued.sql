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
    {% for rule in warehouse_rules() if not graph.nodes['model.personnel.' ~ rule].config.meta.family_code %}
    select '{{ rule }}' as rule_code union all
    {% endfor %}
    select rule_code from {{ ref('law_rules') }}
) as asked
left join {{ ref('rules') }} as r on r.rule_code = asked.rule_code
where r.rule_code is null
{% for rule in unasked %}
union all
select '{{ rule }}' as rule_code
{% endfor %}
