{# What lands is read where it lies, by a view for each source, laid when a run begins: as models these were a fifth of all nodes. A view reads
   only the columns asked for: 0.3 of 6.6 CPU seconds less on a city. #}
{% macro lay_sources_open() -%}
{%- if execute -%}
{%- set open = 'warehouse/restricted/open' -%}
{%- for source in graph.sources.values() -%}
    create schema if not exists {{ source.schema }};
    create or replace view {{ source.schema }}.{{ source.name }} as
    select {{ source.columns.keys() | join(', ') }}
    from read_parquet('{{ env_var('PERSONNEL_HOME') | replace("'", "''") }}/{{ open }}/{{ source.source_meta.folder }}/{{ source.name }}.parquet');
{% endfor -%}
{%- endif -%}
{%- endmacro %}
