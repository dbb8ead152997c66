{{ config(materialized='view') }}
-- The answers of all rules of the warehouse.
{% for rule in warehouse_rules() %}
select
    rule_code, version_code, dataset_code, submission_key, sheet, row_no, column_name, unit_key, severity_code, answer_code, reason_code, answer_count,
    adds_vi, nearest_units
from {{ ref(rule) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
