{{ config(alias='columns') }}
-- What the models' own properties say of every published column, this table's among them. dbt tells it, so it is never behind.
with
said as (
    select *
    from (
        values
        {% if execute -%}
        {% set lists = code_lists() -%}
        {% set published = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('config.database', 'equalto', 'draft') -%}
        {% for model in published | sort(attribute='unique_id') -%}
        {% set model_loop = loop -%}
        {% set grain = model.config.meta.get('grain', []) -%}
        {% for column in model.columns.values() -%}
        {% set words = column.description.split() | join(' ') | replace("'", '’') | replace('"', '”') -%}
        {% set code_list = lists.get(column.name) -%}
        (
            '{{ model.schema }}', '{{ model.alias }}', {{ model.config.materialized == 'view' }}, {{ loop.index }}, '{{ column.name }}',
            '{{ column.data_type }}', {{ column.name not in grain }}, {% if code_list %}'{{ code_list }}'{% else %}null{% endif %},
            '{{ words.partition(' / ') | first | trim('.') }}', '{{ words.partition(' / ') | last | trim('.') }}'
        ){{ ',' if not (loop.last and model_loop.last) }}
        {% endfor -%}
        {% endfor -%}
        {% else -%}
        (null, null, null, null, null, null, null, null, null, null)
        {% endif -%}
    ) as c (
        schema_name, table_name, is_view, column_no, column_name, data_type, is_nullable, code_list, description_vi, description_en
    )
)

select
    schema_name, table_name, cast(is_view as boolean) as is_view, cast(column_no as integer) as column_no, column_name, data_type,
    cast(is_nullable as boolean) as is_nullable, cast(code_list as string) as code_list, description_vi, description_en
from said
