-- Party members are counted at their primary unit on the period's last day, everybody else at the row's unit.
-- Who should have been on a roster and is not counts in rated_outside_roster alone; who was on it when rated and left before the period's
-- end counts where he was then, and in left_after_rating as well. Whoever has no number and is linked to nobody counts by his level, and in
-- rated_unlinked as well; so does whoever is on no roster and sent by a committee under a unit that nobody knows.
-- Of a unit for which nobody sent ratings by a system no result of that system is known, though others may have rated some of its people; units
-- above it count what is known, and say in units_without_answer of how many base organisations nothing is.
{% set results = ['rated', 'excellent', 'good', 'completed', 'not_completed', 'not_rated', 'rated_outside_roster', 'rated_unlinked',
                  'left_after_rating'] %}
with
rows_of_record as (
    select
        r.*, level.rank as level_rank,
        case
            when r.rating_system_code = 'PARTY_MEMBER' and r.roster_answer_code = 'ON_ROSTER' then r.headcount_unit_version_key
            else r.unit_version_key
        end as counted_version_key,
        r.roster_answer_code = 'OUTSIDE' and r.rating_system_code <> 'LEADER' as is_outside,
        r.roster_answer_code = 'UNLINKED' or (r.roster_answer_code = 'NOT_ASKED' and {{ is_of_any_below('r') }}) as is_unlinked
    from {{ ref('whole_fct_ratings') }} as r
    -- a level of another time counts where it stood among its four
    inner join {{ ref('codes') }} as level on level.list = 'rating_level' and level.code = r.decided_level_code
),

people as (
    select h.period, h.unit_version_key, system.code as rating_system_code
    from {{ ref('fct_headcount') }} as h
    inner join {{ ref('codes') }} as system
        on system.list = 'rating_system'
        and ((system.code = 'PARTY_MEMBER' and h.is_member) or system.code = h.staff_kind_code)
),

at_unit as (
    select
        period, rating_system_code, counted_version_key as unit_version_key, cast(0 as bigint) as population,
        {{ count_where("level_rank = 1 and not is_outside") }} as excellent,
        {{ count_where("level_rank = 2 and not is_outside") }} as good,
        {{ count_where("level_rank = 3 and not is_outside") }} as completed,
        {{ count_where("level_rank = 4 and not is_outside") }} as not_completed,
        {{ count_where("decided_level_code = 'NOT_RATED' and not is_outside") }} as not_rated,
        {{ count_where("decided_level_code <> 'NOT_RATED' and is_outside") }} as rated_outside_roster,
        {{ count_where("decided_level_code <> 'NOT_RATED' and is_unlinked and rating_system_code not in ('LEADER', 'COLLECTIVE')") }} as rated_unlinked,
        {{ count_where("is_left_after_rating and rating_system_code <> 'LEADER'") }} as left_after_rating
    from rows_of_record
    group by period, rating_system_code, counted_version_key
    union all
    select
        period, rating_system_code, unit_version_key, cast(count(*) as bigint) as population,
        0 as excellent, 0 as good, 0 as completed, 0 as not_completed, 0 as not_rated, 0 as rated_outside_roster,
        0 as rated_unlinked, 0 as left_after_rating
    from people
    group by period, rating_system_code, unit_version_key
),

rolled_up as (
    select
        a.period, a.rating_system_code, b.ancestor_unit_key as unit_key
        {% for measure in [
            'population', 'excellent', 'good', 'completed', 'not_completed', 'not_rated', 'rated_outside_roster', 'rated_unlinked',
            'left_after_rating',
        ] %}
        , cast(sum(a.{{ measure }}) as bigint) as {{ measure }}
        {% endfor %}
        , cast(sum(a.excellent + a.good + a.completed + a.not_completed) as bigint) as rated
    from at_unit as a
    inner join {{ ref('asked_periods') }} as p on p.period = a.period
    inner join {{ ref('dim_unit') }} as u on u.unit_version_key = a.unit_version_key
    {{ ancestors_on('u', 'p.period_to') }}
    group by a.period, a.rating_system_code, b.ancestor_unit_key
),

-- every organisation that stood on the period's last day, asked for a roster or not, and whoever else sent ratings or was rated where
-- nobody knows the roster
roster_units as (
    select p.period, u.unit_key
    from {{ ref('asked_periods') }} as p
    inner join {{ ref('dim_unit') }} as u on u.base_unit_key = u.unit_key and {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    union
    select period, sender_base_unit_key from {{ ref('versions') }} where is_current and dataset_code = 'ratings'
    union
    select r.period, {{ organisation_of('r') }}
    from {{ ref('whole_fct_ratings') }} as r
    where r.rating_system_code not in ('LEADER', 'COLLECTIVE') and r.roster_answer_code = 'NOT_ASKED' and not {{ is_of_any_below('r') }}
),

-- what is unknown of a base organisation is unknown of all above and of all below it
without_roster as (
    select r.period, l.unit_key, cast(count(distinct r.unit_key) as bigint) as units_without_roster
    from roster_units as r
    inner join {{ ref('asked_periods') }} as p on p.period = r.period
    inner join {{ around_bases() }} as l
        on l.base_unit_key = r.unit_key and {{ is_open_on('p.period_to', 'l.valid_from', 'l.valid_to') }}
    left join {{ ref('answered') }} as a
        on a.dataset_code = 'personnel' and a.period = p.period and a.unit_key = r.unit_key and a.is_own
    where a.unit_key is null
    group by r.period, l.unit_key
),

-- units of the period's last day, and as it was at last a unit that ended after it had rated
latest as (
    select
        r.period, u.unit_version_key,
        row_number() over (partition by r.period, u.unit_key order by {{ end_of('u.valid_to') }} desc nulls last) as latest_first
    from (select distinct period, unit_key from rolled_up) as r
    inner join {{ ref('asked_periods') }} as p on p.period = r.period
    inner join {{ ref('dim_unit') }} as u on u.unit_key = r.unit_key and u.valid_from <= p.period_to
),

shown as (
    select p.period, u.unit_version_key
    from {{ ref('asked_periods') }} as p
    inner join {{ ref('dim_unit') }} as u on {{ is_open_on('p.period_to', 'u.valid_from', 'u.valid_to') }}
    union
    select period, unit_version_key from latest where latest_first = 1
),

-- somebody spoke of the system: of a unit that had no base organisation, or was in none, on the last day, whoever did within the period
known as (
    select
        s.period, s.unit_version_key, system.code as rating_system_code, coalesce(silent.units_without_answer, 0) as units_without_answer,
        coalesce(silent.units_with_answer > 0, a.unit_key is not null) as has_answer
    from shown as s
    inner join {{ ref('dim_unit') }} as u on u.unit_version_key = s.unit_version_key
    inner join {{ ref('codes') }} as system on system.list = 'rating_system'
    left join {{ ref('rating_answers') }} as a
        on a.period = s.period and a.rating_system_code = system.code and a.unit_key = coalesce(u.base_unit_key, u.unit_key)
    left join {{ ref('unanswered_ratings') }} as silent
        on silent.period = s.period and silent.rating_system_code = system.code and silent.unit_key = u.unit_key
),

every_unit as (
    select
        p.period_type_code, p.period, p.year, p.period_to, k.rating_system_code,
        u.unit_key, u.unit_code, u.unit_type_code, u.unit_name,
        coalesce(w.units_without_roster, 0) as units_without_roster, k.units_without_answer,
        k.rating_system_code not in ('LEADER', 'COLLECTIVE') and w.unit_key is null and {{ end_of('u.valid_to') }} >= p.period_to as has_population,
        -- who stands above the bases may have rated people of its own
        k.has_answer or (u.base_unit_key is null and coalesce(r.rated + r.not_rated + r.rated_outside_roster, 0) > 0) as has_answer,
        coalesce(r.population, 0) as population
        {% for measure in results %}
        , coalesce(r.{{ measure }}, 0) as {{ measure }}
        {% endfor %}
    from {{ ref('asked_periods') }} as p
    inner join known as k on k.period = p.period
    inner join {{ ref('dim_unit') }} as u on u.unit_version_key = k.unit_version_key
    left join rolled_up as r on r.period = p.period and r.rating_system_code = k.rating_system_code and r.unit_key = u.unit_key
    left join without_roster as w on w.period = p.period and w.unit_key = u.unit_key
),

told as (
    select
        period_type_code, period, year, period_to, rating_system_code, unit_key, unit_code, unit_type_code, unit_name,
        units_without_roster, units_without_answer, case when has_population then population end as population
        {% for measure in results %}
        , case when has_answer then {{ measure }} end as {{ measure }}
        {% endfor %}
    from every_unit
)

select
    period_type_code, period, year, period_to, rating_system_code, unit_key, unit_code, unit_type_code, unit_name, population,
    rated, excellent, excellent + good as good_inclusive, good as good_exclusive, completed, not_completed, not_rated,
    population + left_after_rating - rated - not_rated as unexplained,
    left_after_rating, rated_outside_roster, rated_unlinked, units_without_roster, units_without_answer,
    {{ share('excellent', 'excellent + good') }} as excellent_share_of_good,
    {{ share('excellent + good', 'rated') }} as good_inclusive_share_of_rated,
    {{ share('excellent', 'rated') }} as excellent_share_of_rated,
    {{ share('completed', 'rated') }} as completed_share_of_rated,
    {{ share('not_completed', 'rated') }} as not_completed_share_of_rated
from told
