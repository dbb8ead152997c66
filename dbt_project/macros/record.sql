{# Of rows that claim one fact: the version that ranks first, then the lowest sheet row. `v` has the version, `r` the row. #}
{% macro record_order(v, r) -%}
    {{ v }}.record_rank asc nulls last, {{ r }}.row_no asc nulls last, {{ r }}.sheet asc nulls first
{%- endmacro %}

{# The same row of the same sheet; a CSV has no sheet. `only_where`: what a left join asks of `b`. As a condition of its own DuckDB would hold every row
   against every row. #}
{% macro same_row(a, b, only_where=none) -%}
    {{ a }}.submission_key = {% if only_where %}case when {{ only_where }} then {{ b }}.submission_key end{% else %}{{ b }}.submission_key{% endif %}
    and {{ a }}.row_no = {{ b }}.row_no
    and coalesce({{ a }}.sheet, '') = coalesce({{ b }}.sheet, '')
{%- endmacro %}

{# The ancestors, itself included, of the unit stretch `stretch` on `day` (`b.ancestor_unit_key`). #}
{% macro ancestors_on(stretch, day) -%}
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.unit_version_key = {{ stretch }}.unit_version_key
        and {{ is_open_on(day_in_stretch(day, stretch ~ '.valid_from', stretch ~ '.valid_to'), 'b.valid_from', 'b.valid_to') }}
{%- endmacro %}

{# Which period a submission answers for: of ratings its own, for a quarter's say nothing of the year's; of what happened in a year, the year. #}
{% macro answered_period(dataset_code, period, year) -%}
    case when {{ dataset_code }} = 'ratings' then {{ period }} else cast({{ year }} as string) end
{%- endmacro %}

{# A base organisation and all above and below it: what is unknown of it is unknown of them. #}
{% macro around_bases() -%}
    (
        select unit_key as base_unit_key, ancestor_unit_key as unit_key, valid_from, valid_to
        from {{ ref('bridge_unit_ancestor') }}
        union all
        select ancestor_unit_key as base_unit_key, unit_key, valid_from, valid_to
        from {{ ref('bridge_unit_ancestor') }}
        where ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL') and depth > 0
    )
{%- endmacro %}

{# Every unit `u` of the last day of each year `y` of which anybody answered for a dataset, with the answer for it `a`, if there is one, and how many
   base organisations are `silent`. A unit for which nobody answered has a line as well, so that a sum over units says for how many it waits. #}
{% macro from_every_unit(dataset_code) -%}
    from (select distinct year from {{ ref('answered') }} where dataset_code = '{{ dataset_code }}') as told
    inner join {{ source('context', 'periods') }} as y on y.period_type_code = 'YEAR' and y.year = told.year
    inner join {{ ref('dim_unit') }} as u on {{ is_open_on('y.period_to', 'u.valid_from', 'u.valid_to') }}
    left join {{ ref('answered') }} as a on a.dataset_code = '{{ dataset_code }}' and a.year = y.year and a.unit_key = u.unit_key
    left join {{ ref('unanswered') }} as silent
        on silent.dataset_code = '{{ dataset_code }}' and silent.year = y.year and silent.unit_key = u.unit_key
{%- endmacro %}

{# Beside from_every_unit: nought where somebody answered and named nobody, nothing where nobody did. #}
{% macro where_answered(measure) -%}
    case when a.unit_key is not null then coalesce({{ measure }}, 0) end
{%- endmacro %}

{# One name, with its marks where both have some. #}
{% macro same_name(a, b) -%}
    {{ a }}.full_name_letters_key = {{ b }}.full_name_letters_key and coalesce({{ a }}.full_name_key = {{ b }}.full_name_key, true)
{%- endmacro %}

{# The rows of record of a dataset: `r` a row as it landed, `c` what was chosen of it. #}
{% macro rows_of_record(dataset) -%}
    {{ source('landing', dataset) }} as r
    inner join {{ ref('choices') }} as c on {{ same_row('c', 'r') }} and c.dataset_code = '{{ dataset }}' and c.is_of_record
{%- endmacro %}

{# A row's thing in one of the city's catalogues, by the key of the words that the row has for it. #}
{% macro found_in(catalogue, thing, key) -%}
    left join {{ source('context', 'catalogues') }} as {{ thing }} on {{ thing }}.catalogue = '{{ catalogue }}' and {{ thing }}.word_key = {{ key }}
{%- endmacro %}

{# The group of a thing: what the city's catalogue says, else what the row's words say. #}
{% macro group_of(thing, code) -%}
    coalesce({{ thing }}.belongs_to, {{ code }})
{%- endmacro %}

{# Each version of a list, `now`, and those whose place it took, `before`. #}
{% macro versions_and_before() -%}
    {{ ref('versions') }} as now
    left join {{ ref('versions') }} as before on before.replaced_by_key = now.submission_key
{%- endmacro %}

{# A spell of unknown kind is a primary one: whoever stands in a roster is there. #}
{% macro is_primary(spell) -%}
    coalesce({{ spell }}.spell_kind_code, 'PRIMARY') = 'PRIMARY'
{%- endmacro %}

{# Whose list would tell of the row's person: the base organisation, above the bases the unit itself. Where a unit above the bases sent the row under a
   word that nobody knows, nobody can say whose. #}
{% macro organisation_of(r) -%}
    case when {{ r }}.base_unit_key is not null then {{ r }}.base_unit_key when not {{ r }}.is_unit_assumed then {{ r }}.unit_key end
{%- endmacro %}

{# Whether it is only assumed that a row is of a unit above the bases: it may be of any below. #}
{% macro is_of_any_below(r) -%}
    ({{ r }}.is_unit_assumed and {{ r }}.base_unit_key is null)
{%- endmacro %}

{# What is told of a status (exempt, suspended) of the person of spell `s`; of several spells in a year, what `m` (several_spells) knows. #}
{% macro told_of(s, m, status, column) -%}
    case when {{ m }}.tells_{{ status }} then {{ m }}.{{ status }}_{{ column }} else {{ s }}.{{ status }}_{{ column }} end
{%- endmacro %}

{# Whether the sheet of a row has a column. #}
{% macro has_column(row, column) -%}
    ({{ row }}.submission_key, coalesce({{ row }}.sheet, '')) in (
        select submission_key, coalesce(sheet, '') from {{ source('landing', 'letters') }} where column_name = '{{ column }}'
    )
{%- endmacro %}

{# What the roster of a year says of a person on a day: for each row of the relation `facts` (its `keys`, person_key, year, first_day and last_day,
   the ends of what may be that day) whose person stands on it. Whoever it knows as a full member was probationary until then. Where spells of that
   day say different things, nobody can say. #}
{% macro roster_of(facts, keys) -%}
select
    {{ keys | join(', ') }}, person_key,
    {%- for column in ['staff_kind_code', 'member_status_code', 'post_code'] %}
    case when count({{ column }}) = count(*) and min({{ column }}) = max({{ column }}) then min({{ column }}) end as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        {% for key in keys %}f.{{ key }}, {% endfor %}f.person_key, s.staff_kind_code, s.post_code,
        case
            when s.member_status_code <> 'FULL' or s.party_official_on is null then s.member_status_code
            when s.party_official_on > f.last_day then 'PROBATIONARY'
            when {{ latest_start('s.party_official_on') }} <= f.first_day then s.member_status_code
        end as member_status_code
    from {{ facts }} as f
    inner join {{ ref('whole_fct_personnel') }} as s
        on s.person_key = f.person_key and s.year = f.year and {{ is_primary('s') }}
        and s.spell_from <= f.last_day and {{ end_of('s.spell_to') }} >= f.first_day
) as told
group by {{ keys | join(', ') }}, person_key
{%- endmacro %}

{# The first of two days that is told, and how exactly. #}
{% macro told_day(first, second) -%}
    coalesce({{ first }}, {{ second }})
{%- endmacro %}

{% macro told_precision(first, second) -%}
    case when {{ first }} is not null then {{ first }}_precision_code else {{ second }}_precision_code end
{%- endmacro %}

{# Whether a decision of discipline counts: it was not annulled as wrongful. #}
{% macro stands(d) -%}
    coalesce({{ d }}.discipline_status_code, 'ACTIVE') <> 'ANNULLED_WRONGFUL'
{%- endmacro %}

{# The day of a decision by which its law is judged: of its signature, of its announcement where that is blank. #}
{% macro day_of_signature(d) -%}
    {{ told_day(d ~ '.signed_on', d ~ '.announced_on') }} as day_of_signature,
    {{ told_precision(d ~ '.signed_on', d ~ '.announced_on') }} as day_of_signature_precision_code
{%- endmacro %}

{# People are rated where and when they were rated: a unit that ended between that day and the period's end is the one that rated. NULL where the
   day is unknown, or of another period. #}
{% macro rated_until(r, first_day, last_day) -%}
    case
        when {{ latest_start(r ~ '.decided_on') }} >= {{ first_day }} and {{ latest_start(r ~ '.decided_on') }} <= {{ last_day }}
            then {{ latest_start(r ~ '.decided_on') }}
    end
{%- endmacro %}
