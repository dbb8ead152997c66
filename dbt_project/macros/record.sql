{# Of rows that claim one fact: the version that ranks first, then the lowest sheet row. `v` has the version, `r` the row. #}
{% macro record_order(v, r) -%}
    {{ v }}.record_rank asc nulls last, {{ r }}.row_no asc nulls last, {{ r }}.sheet asc nulls first
{%- endmacro %}

{# The same row of the same sheet; a CSV has no sheet. #}
{% macro same_row(a, b) -%}
    {{ a }}.submission_key = {{ b }}.submission_key and {{ a }}.row_no = {{ b }}.row_no
    and coalesce({{ a }}.sheet, '') = coalesce({{ b }}.sheet, '')
{%- endmacro %}

{# The ancestors, itself included, of the unit stretch `stretch` on `day` (`b.ancestor_unit_key`). #}
{% macro ancestors_on(stretch, day) -%}
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.unit_version_key = {{ stretch }}.unit_version_key
        and {{ is_open_on(day_in_stretch(day, stretch ~ '.valid_from', stretch ~ '.valid_to'), 'b.valid_from', 'b.valid_to') }}
{%- endmacro %}

{# One name, with its marks where both have some. #}
{% macro same_name(a, b) -%}
    {{ a }}.full_name_letters_key = {{ b }}.full_name_letters_key and coalesce({{ a }}.full_name_key = {{ b }}.full_name_key, true)
{%- endmacro %}
