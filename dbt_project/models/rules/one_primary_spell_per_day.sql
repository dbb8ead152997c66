-- The earlier of two overlapping spells is the one that should have ended. Where only a month or a year is given,
-- the days in between could belong to either: not asked.
with
spells as (
    select
        s.*,
        {{ latest_start('s.spell_from') }} as latest_from,
        {{ end_of(earliest_end('s.spell_to')) }} as earliest_to,
        row_number() over (
            partition by s.person_key, s.year order by s.spell_from asc, {{ record_order('v', 's') }}
        ) as spell_no
    from {{ ref('fct_personnel') }} as s
    inner join {{ ref('versions') }} as v on v.submission_key = s.submission_key
    where s.spell_kind_code = 'PRIMARY'
),

asked as (
    select
        {{ of_row('s', 'personnel') }},
        case
            when after.spell_key is null or {{ end_of('s.spell_to') }} < after.spell_from then 'PASSED'
            when s.earliest_to < after.latest_from then 'NOT_ASKED'
            else 'FAILED'
        end as answer_code
    from spells as s
    left join spells as after
        on after.person_key = s.person_key and after.year = s.year and after.spell_no = s.spell_no + 1
)

{{ answers('one_primary_spell_per_day', 'spell_to') }}
