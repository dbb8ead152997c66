{# A model's schema is its folder's name, without a target's prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}

{# `whole_fct_ratings` is called as what is published of it, and `bi_ratings` in its schema as its dataset. #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {{ custom_alias_name or (node.name.removeprefix('bi_').removeprefix('whole_')) }}
{%- endmacro %}
