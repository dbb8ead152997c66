{# A published model as a view in the same file names it: by its schema, without a database, so that the view holds under whatever name
   the file is attached. #}
{% macro published(model) -%}
    {{ ref(model).include(database=false) }}
{%- endmacro %}

{# A view is looked at when it is made, so its own database is the one in use meanwhile. #}
{% materialization view, adapter='duckdb' %}
    {% set relation = this.incorporate(type='view') %}
    {% call statement('there') %}use {{ relation.database }}{% endcall %}
    {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
    {% call statement('made') %}
        create or replace view {{ relation }} as {{ sql }}
    {% endcall %}
    {% call statement('back') %}use {{ target.database }}{% endcall %}
    {% do store_raw_result('main', message='OK', code='OK', rows_affected='-1') %}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
