-- What rules ask the roster of a year of: each person's last primary spell in it, also where it ended before the year did; `first_from` is since
-- when no day lies between its spells. A suspension holds on the day of a rating whichever spell tells it: the latest told counts. A sheet that has no column for exemption or suspension says nothing of it.
with
people as (
    {{ people_of_several_spells() }}
),

spells as (
    select
        s.person_key, s.year, s.spell_from,
        max({{ end_of('s.spell_to') }}) over (
            partition by s.person_key, s.year
            order by s.spell_from nulls first, {{ end_of('s.spell_to') }} rows between unbounded preceding and 1 preceding
        ) as ended_before
    from people as p
    inner join {{ ref('whole_fct_personnel') }} as s on s.person_key = p.person_key and s.year = p.year and {{ is_primary('s') }}
),

several as (
    select
        person_key, year,
        coalesce(max(case when spell_from > {{ add_days('ended_before', 1) }} then spell_from end), min(spell_from)) as first_from
    from spells
    group by person_key, year
),

ranked as (
    select
        s.*,
        row_number() over (
            partition by s.person_key, s.year
            order by {{ end_of('s.spell_to') }} desc nulls last, s.spell_from desc nulls last, {{ record_order('v', 's') }}
        ) as last_first,
        case when s.suspended_from is not null or s.suspended_to is not null then
            row_number() over (
                partition by s.person_key, s.year
                order by coalesce(s.suspended_from, s.suspended_to) desc nulls last, {{ record_order('v', 's') }}
            )
        end as suspended_first
    from several as p
    inner join {{ ref('whole_fct_personnel') }} as s
        on s.person_key = p.person_key and s.year = p.year and {{ is_primary('s') }}
    inner join {{ ref('versions') }} as v on v.submission_key = s.submission_key
),

sheets as (
    select
        submission_key, coalesce(sheet, '') as sheet_word,
        max(case when column_name = 'exempt_from' then 1 else 0 end) = 1 as tells_exempt,
        max(case when column_name = 'suspended_from' then 1 else 0 end) = 1 as tells_suspended
    from {{ source('landing', 'letters') }}
    group by submission_key, coalesce(sheet, '')
)

select
    s.person_key, s.year, s.unit_key, s.base_unit_key, s.staff_kind_code,
    coalesce(p.first_from, s.spell_from) as first_from, s.spell_from_precision_code, s.spell_to,
    s.exempt_from, s.exempt_from_precision_code, s.exempt_to, s.exempt_to_precision_code,
    coalesce(u.suspended_from, s.suspended_from) as suspended_from,
    coalesce(u.suspended_from_precision_code, s.suspended_from_precision_code) as suspended_from_precision_code,
    case when u.spell_key is not null then u.suspended_to else s.suspended_to end as suspended_to,
    case when u.spell_key is not null then u.suspended_to_precision_code else s.suspended_to_precision_code end as suspended_to_precision_code,
    s.party_joined_on, s.party_joined_on_precision_code,
    coalesce(l.tells_exempt, false) as tells_exempt, coalesce(l.tells_suspended, false) or u.spell_key is not null as tells_suspended,
    s.submission_key, s.sheet, s.row_no
from {{ ref('whole_fct_personnel') }} as s
left join several as p on p.person_key = s.person_key and p.year = s.year
left join ranked as e on e.spell_key = s.spell_key and e.last_first > 1
left join ranked as u on u.person_key = s.person_key and u.year = s.year and u.suspended_first = 1
left join sheets as l on l.submission_key = s.submission_key and l.sheet_word = coalesce(s.sheet, '')
where {{ is_primary('s') }} and e.spell_key is null
