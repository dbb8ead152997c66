{# Whether a version of the rule book holds on a day, and speaks of a subject: one of the codes in `subject_codes`, all where it is blank. #}
{% macro governs(law, day, subject=none) -%}
    {{ day }} >= coalesce({{ law }}.valid_from, date '0001-01-01') and {{ day }} <= {{ end_of(law ~ '.valid_to') }}
    {%- if subject %}
    and ({{ law }}.subject_codes is null or concat('|', {{ law }}.subject_codes, '|') like concat('%|', {{ subject }}, '|%'))
    {%- endif %}
{%- endmacro %}

{# The last day of a year: the day by which a rating of the year is judged. #}
{% macro year_end(year) -%}
    make_date({{ year }}, 12, 31)
{%- endmacro %}
