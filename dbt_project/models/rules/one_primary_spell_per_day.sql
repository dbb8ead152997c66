-- The earlier of two overlapping spells is the one that should have ended. Where only a month or a year is given,
-- the days in between could belong to either: not asked. Nor is it asked of two people who stand with one number.
with
spells as (
    select
        s.*, m.begun_last_first,
        least({{ latest_start('s.spell_from') }}, {{ end_of('s.spell_to') }}) as latest_from, -- whenever it began, it holds on its last day
        {{ end_of(earliest_end('s.spell_to')) }} as earliest_to
    from {{ ref('several_spells') }} as m
    inner join {{ ref('whole_fct_personnel') }} as s on s.spell_key = m.spell_key
),

of_two_people as (
    select s.person_key
    from {{ ref('whole_fct_personnel') }} as s
    inner join {{ ref('one_person_per_identity_number') }} as o on {{ same_row('o', 's') }} and o.answer_code = 'FAILED'
    group by s.person_key
),

clashes as (
    select
        s.spell_key,
        case
            when o.person_key is not null then 'ANOTHER_RULE_TELLS'
            when {{ is_of_any_below('s') }} or {{ is_of_any_below('after') }} then 'UNIT_UNKNOWN' -- it may be one spell, told twice
            when s.earliest_to < after.latest_from then 'DAY_UNKNOWN'
            when s.spell_from_precision_code = 'ASSUMED' and after.earliest_to < s.latest_from then 'DAY_UNKNOWN'
            else 'FAILED'
        end as answer
    from spells as s
    inner join spells as after
        on after.person_key = s.person_key and after.year = s.year and after.begun_last_first < s.begun_last_first
        and after.spell_from <= {{ end_of('s.spell_to') }}
    left join of_two_people as o on o.person_key = s.person_key
),

-- one that clashes for certain is told, whatever nobody knows of another
told as (
    select spell_key, coalesce(max(case when answer = 'FAILED' then answer end), min(answer)) as answer from clashes group by spell_key
),

asked as (
    select {{ of_row('s', 'personnel') }}, coalesce(o.answer, 'PASSED') as answer
    from {{ ref('whole_fct_personnel') }} as s
    left join told as o on o.spell_key = s.spell_key
    where {{ is_primary('s') }}
)

{{ answers('one_primary_spell_per_day', 'spell_to') }}
