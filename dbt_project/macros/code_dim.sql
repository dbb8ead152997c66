{# A dimension of one code list. #}
{% macro code_dim(list) -%}
select code as {{ list }}_code, label_vi, label_en, sort_order, rank
from {{ ref('codes') }}
where list = '{{ list }}'
{%- endmacro %}
