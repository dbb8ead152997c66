-- The earlier of two overlapping spells is the one that should have ended. Where only a month or a year is given,
-- the days in between could belong to either: not asked. Nor is it asked of two people who stand with one number.
with
several as (
    select person_key, year
    from {{ ref('whole_fct_personnel') }}
    where coalesce(spell_kind_code, 'PRIMARY') = 'PRIMARY'
    group by person_key, year
    having count(*) > 1
),

spells as (
    select
        s.*,
        {{ latest_start('s.spell_from') }} as latest_from,
        {{ end_of(earliest_end('s.spell_to')) }} as earliest_to,
        row_number() over (
            partition by s.person_key, s.year
            order by -- last is the one that the headcount counts
                s.spell_from asc nulls last, v.record_rank desc nulls last, s.row_no desc nulls last, s.sheet desc nulls last
        ) as spell_no
    from {{ ref('whole_fct_personnel') }} as s
    inner join several as p on p.person_key = s.person_key and p.year = s.year
    inner join {{ ref('versions') }} as v on v.submission_key = s.submission_key
    where coalesce(s.spell_kind_code, 'PRIMARY') = 'PRIMARY'
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
            when s.earliest_to < after.latest_from then 'DAY_UNKNOWN'
            when s.spell_from_precision_code = 'ASSUMED' and after.earliest_to < s.latest_from then 'DAY_UNKNOWN'
            else 'FAILED'
        end as answer
    from spells as s
    inner join spells as after
        on after.person_key = s.person_key and after.year = s.year and after.spell_no = s.spell_no + 1
        and after.spell_from <= {{ end_of('s.spell_to') }}
    left join of_two_people as o on o.person_key = s.person_key
),

asked as (
    select {{ of_row('s', 'personnel') }}, coalesce(o.answer, 'PASSED') as answer
    from {{ ref('whole_fct_personnel') }} as s
    left join clashes as o on o.spell_key = s.spell_key
    where coalesce(s.spell_kind_code, 'PRIMARY') = 'PRIMARY'
)

{{ answers('one_primary_spell_per_day', 'spell_to') }}
