-- Base organisations that stood on the period's last day, by rating system and by every unit that they lie in or that lies in them: how many,
-- of how many somebody spoke, and how many are awaited: they did not answer, and their roster has somebody of the system, or does not tell.
with
-- who is of a system
people as (
    select period, base_unit_key as unit_key, 'PARTY_MEMBER' as rating_system_code from {{ ref('fct_headcount') }} where is_member or member_status_code is null
    union
    select period, base_unit_key, staff_kind_code from {{ ref('fct_headcount') }} where staff_kind_code is not null
),

-- of whom the roster does not tell whether they are officials, and of which kind
untold as (
    select distinct period, base_unit_key as unit_key from {{ ref('fct_headcount') }} where staff_kind_code is null
),

bases as (
    select
        p.period, p.period_to, system.code as rating_system_code, u.unit_key, a.unit_key is not null as has_answer,
        coalesce(a.is_own, false) as is_own,
        roster.unit_key is not null and system.code not in ('LEADER', 'COLLECTIVE') and w.unit_key is null
        and (system.code = 'PARTY_MEMBER' or k.unit_key is null) as has_nobody
    from {{ ref('asked_periods') }} as p
    inner join {{ ref('dim_unit') }} as u on u.base_unit_key = u.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    inner join {{ ref('codes') }} as system on system.list = 'rating_system'
    left join {{ ref('rating_answers') }} as a
        on a.period = p.period and a.rating_system_code = system.code and a.unit_key = u.unit_key
    left join {{ ref('answered') }} as roster
        on roster.dataset_code = 'personnel' and roster.period = p.period and roster.unit_key = u.unit_key and roster.is_own
    left join people as w on w.period = p.period and w.rating_system_code = system.code and w.unit_key = u.unit_key
    left join untold as k on k.period = p.period and k.unit_key = u.unit_key
)

select
    b.period, b.rating_system_code, l.unit_key, cast(count(distinct b.unit_key) as bigint) as base_units,
    cast(count(distinct case when b.has_answer then b.unit_key end) as bigint) as units_with_answer,
    cast(count(distinct case when not b.is_own and not b.has_nobody then b.unit_key end) as bigint) as units_without_answer
from bases as b
inner join {{ around_bases() }} as l
    on l.base_unit_key = b.unit_key and {{ is_open_on('b.period_to', 'l.valid_from', 'l.valid_to') }}
group by b.period, b.rating_system_code, l.unit_key
