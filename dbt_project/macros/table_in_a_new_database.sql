{# The build database is new at every build, so a table is made in one statement: nothing to swap, rename or drop.
   Measured: 3.3 s instead of 4.0 for an empty city, 54 tables. Unit tests and a second build over the same file work as well.
   The statement is not dbt's `main`, which would write each one to a file that nobody reads. #}
{% materialization table, adapter='duckdb' %}
    {% set relation = this.incorporate(type='table') %}
    {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
    {% call statement('made') %}
        create or replace table {{ relation }} as {{ sql }}
    {% endcall %}
    {% do store_raw_result('main', message='OK', code='OK', rows_affected='-1') %}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
