-- A day is answered only by its own year's roster. Of two primary spells open on it, the one begun last counts. A status or staff kind
-- that the roster does not tell is what the person is rated as in the period, so that nobody is rated outside a roster that names him.
with
ranked as (
    select
        p.period, s.spell_key,
        row_number() over (partition by p.period, s.person_key order by m.begun_last_first asc nulls last) as newest_first
    from {{ ref('several_spells') }} as m
    inner join {{ ref('whole_fct_personnel') }} as s on s.spell_key = m.spell_key
    inner join {{ ref('asked_periods') }} as p on p.year = s.year and {{ is_open_on('p.period_to', 's.spell_from', 's.spell_to') }}
),

untold as (
    select distinct person_key
    from {{ ref('whole_fct_personnel') }}
    where member_status_code is null or staff_kind_code is null
),

rated as (
    select
        c.person_key, r.period,
        max(case when r.rating_system_code = 'PARTY_MEMBER' then 1 else 0 end) = 1 as is_member,
        max(case when r.rating_system_code in ('CADRE', 'CIVIL_SERVANT', 'PUBLIC_EMPLOYEE') then r.rating_system_code end) as staff_kind_code
    from untold as u
    inner join {{ ref('choices') }} as c on c.person_key = u.person_key and c.dataset_code = 'ratings' and c.is_of_record
    inner join {{ source('landing', 'ratings') }} as r on {{ same_row('r', 'c') }}
    group by c.person_key, r.period
),

-- the unit as it was on the day; where it was not there yet or no more, as the spell found it
units_on_day as (
    select
        p.period_type_code, p.period, p.year, p.period_to, found.unit_version_key as found_version_key,
        u.unit_version_key, b.ancestor_unit_key as base_unit_key
    from {{ ref('asked_periods') }} as p
    cross join {{ ref('dim_unit') }} as found
    left join {{ ref('dim_unit') }} as u
        on u.unit_key = found.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    left join {{ ref('bridge_unit_ancestor') }} as b
        on b.unit_version_key = u.unit_version_key and b.ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
        and {{ is_open_on('p.period_to', 'b.valid_from', 'b.valid_to') }}
)

select
    s.person_key, p.period_type_code, p.period, p.year, p.period_to,
    s.unit_key, coalesce(p.unit_version_key, s.unit_version_key) as unit_version_key,
    case when p.unit_version_key is null then s.base_unit_key else p.base_unit_key end as base_unit_key,
    s.member_status_code,
    coalesce(s.member_status_code in ('FULL', 'PROBATIONARY'), rated.is_member, false) as is_member,
    coalesce(s.staff_kind_code, rated.staff_kind_code) as staff_kind_code,
    coalesce({{ is_open_on('p.period_to', told_of('s', 'm', 'exempt', 'from'), told_of('s', 'm', 'exempt', 'to')) }}, false) as is_exempt,
    coalesce({{ is_open_on('p.period_to', told_of('s', 'm', 'suspended', 'from'), told_of('s', 'm', 'suspended', 'to')) }}, false) as is_suspended,
    s.post_code, s.committee_level_code, s.spell_key
from {{ ref('whole_fct_personnel') }} as s
inner join units_on_day as p
    on p.year = s.year and p.found_version_key = s.unit_version_key and {{ is_primary('s') }}
    and {{ is_open_on('p.period_to', 's.spell_from', 's.spell_to') }}
left join {{ ref('several_spells') }} as m on m.spell_key = s.spell_key
left join rated on rated.person_key = s.person_key and rated.period = p.period
left join ranked as r on r.period = p.period and r.spell_key = s.spell_key and r.newest_first > 1
where r.spell_key is null
