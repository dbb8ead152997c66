-- Few people have two primary spells in a year: only those are ranked, which spares sorting the whole city. `first_from` is since when no day lies
-- between a person's spells. A spell that may be of any unit below a committee gives way to one whose unit is known. A suspension or an
-- exemption holds whichever spell tells it: the latest told counts.
with
people as (
    select person_key, year
    from {{ ref('whole_fct_personnel') }} as s
    where {{ is_primary('s') }}
    group by person_key, year
    having count(*) > 1
),

ranked as (
    select
        s.spell_key, s.person_key, s.year, s.spell_from,
        {% for status in ['exempt', 'suspended'] -%}
        s.{{ status }}_from, s.{{ status }}_from_precision_code, s.{{ status }}_to, s.{{ status }}_to_precision_code,
        case when s.{{ status }}_from is not null or s.{{ status }}_to is not null then
            row_number() over (
                partition by s.person_key, s.year
                order by coalesce(s.{{ status }}_from, s.{{ status }}_to) desc nulls last, {{ record_order('v', 's') }}
            )
        end as {{ status }}_first,
        {% endfor -%}
        row_number() over (
            partition by s.person_key, s.year
            order by {{ end_of('s.spell_to') }} desc nulls last, s.spell_from desc nulls last, {{ record_order('v', 's') }}
        ) as last_first,
        row_number() over (
            partition by s.person_key, s.year
            order by {{ is_of_any_below('s') }} asc nulls last, s.spell_from desc nulls last, {{ record_order('v', 's') }}
        ) as begun_last_first,
        max({{ end_of('s.spell_to') }}) over (
            partition by s.person_key, s.year
            order by s.spell_from nulls first, {{ end_of('s.spell_to') }} rows between unbounded preceding and 1 preceding
        ) as ended_before
    from people as p
    inner join {{ ref('whole_fct_personnel') }} as s on s.person_key = p.person_key and s.year = p.year and {{ is_primary('s') }}
    inner join {{ ref('versions') }} as v on v.submission_key = s.submission_key
),

unbroken as (
    select
        person_key, year,
        coalesce(max(case when spell_from > {{ add_days('ended_before', 1) }} then spell_from end), min(spell_from)) as first_from
    from ranked
    group by person_key, year
)

select
    r.spell_key, r.person_key, r.year, r.begun_last_first, r.last_first = 1 as is_last, b.first_from
    {% for status in ['exempt', 'suspended'] %}
    , {{ status }}.spell_key is not null as tells_{{ status }}, {{ status }}.{{ status }}_from, {{ status }}.{{ status }}_from_precision_code
    , {{ status }}.{{ status }}_to, {{ status }}.{{ status }}_to_precision_code
    {% endfor %}
from ranked as r
inner join unbroken as b on b.person_key = r.person_key and b.year = r.year
{% for status in ['exempt', 'suspended'] %}
left join ranked as {{ status }}
    on {{ status }}.person_key = r.person_key and {{ status }}.year = r.year and {{ status }}.{{ status }}_first = 1
{% endfor %}
