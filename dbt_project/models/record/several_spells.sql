-- Few people have two primary spells in a year: only those are ranked, which spares sorting the whole city. `first_from` is since when no day lies
-- between a person's spells. A suspension holds on the day of a rating whichever spell tells it: the latest told counts.
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
        s.suspended_from, s.suspended_from_precision_code, s.suspended_to, s.suspended_to_precision_code,
        row_number() over (
            partition by s.person_key, s.year
            order by {{ end_of('s.spell_to') }} desc nulls last, s.spell_from desc nulls last, {{ record_order('v', 's') }}
        ) as last_first,
        row_number() over (
            partition by s.person_key, s.year
            order by s.spell_from desc nulls last, {{ record_order('v', 's') }}
        ) as begun_last_first,
        case when s.suspended_from is not null or s.suspended_to is not null then
            row_number() over (
                partition by s.person_key, s.year
                order by coalesce(s.suspended_from, s.suspended_to) desc nulls last, {{ record_order('v', 's') }}
            )
        end as suspended_first,
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
    r.spell_key, r.person_key, r.year, r.begun_last_first, r.last_first = 1 as is_last, b.first_from, u.spell_key is not null as tells_suspended,
    u.suspended_from, u.suspended_from_precision_code, u.suspended_to, u.suspended_to_precision_code
from ranked as r
inner join unbroken as b on b.person_key = r.person_key and b.year = r.year
left join ranked as u on u.person_key = r.person_key and u.year = r.year and u.suspended_first = 1
