{# What differs between engines, and only that: DuckDB today. Spark's wording stands beside each. #}

{# Values side by side; blank is a value of its own. The same words on Spark. #}
{% macro parts(columns) -%}
    concat_ws('|'{% for column in columns %}, coalesce(cast({{ column }} as string), '~'){% endfor %})
{%- endmacro %}

{# A surrogate key. #}
{% macro key(columns) -%}
    md5({{ parts(columns) }})
{%- endmacro %}

{# Beside a key a number that people can read and say: it counts the rows of one published version, in the order of keys that nobody can guess,
   so it tells nothing else, and in the next version another row may bear it. #}
{% macro numbered(key) -%}
    cast(row_number() over (order by {{ key }} asc nulls last) as integer)
{%- endmacro %}

{# A surrogate key of what somebody could guess (a day, a name, a number): nobody makes it without the city's key for tables, which the
   model takes from the source `run`. Half of the hash is kept, so that nobody can hash on from it. Spark: sha2(text, 256) #}
{% macro keyed(columns) -%}
    left(sha256(concat(run.table_key, {{ parts(columns) }})), 32)
{%- endmacro %}

{# Spark: date_add(day, count) #}
{% macro add_days(day, count) -%}
    ({{ day }} + cast({{ count }} as integer))
{%- endmacro %}

{# Spark: add_months(day, count) #}
{% macro add_months(day, count) -%}
    cast({{ day }} + {{ count }} * interval '1' month as date)
{%- endmacro %}

{# Spark: percentile(value, 0.5) #}
{% macro median(value) -%}
    median({{ value }})
{%- endmacro %}


{# A path without the ending of its file's name. The same words on Spark. #}
{% macro without_ending(path) -%}
    regexp_replace({{ path }}, '[.][^./]*$', '')
{%- endmacro %}

{# A count as a whole number; DuckDB sums into a wider type, Spark does not. #}
{% macro count_where(condition) -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint)
{%- endmacro %}

{# A fraction; NULL where nothing is below the line. #}
{% macro share(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro %}

{# How like two texts are, 1 where they are one. Spark: 1 - levenshtein(a, b) / greatest(length(a), length(b)) #}
{% macro likeness(a, b) -%}
    jaro_winkler_similarity({{ a }}, {{ b }})
{%- endmacro %}

{# What stands before the first bar: of a unit's word its bare letters. Spark: substring_index(text, '|', 1) #}
{% macro bare(text) -%}
    split_part({{ text }}, '|', 1)
{%- endmacro %}
