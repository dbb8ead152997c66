-- What needs a rating as good as `level_code` somewhere else: a rating of that level or better, or a move. `scope_code` says where: the same
-- person's in the period or in the year before, or that of the unit in which the person leads; `allowed_codes` are the systems of ratings
-- that count there. The best level has rank 1.
with
laws as (
    select law.*, level.rank
    from {{ ref('laws') }} as law
    inner join {{ ref('codes') }} as level on level.list = 'rating_level' and level.code = law.level_code
    where law.family_code = 'NEEDS_RATING'
),

systems as (
    select law.version_code, system.code
    from laws as law
    inner join {{ ref('codes') }} as system on system.list = 'rating_system' and {{ one_of('system.code', 'law.allowed_codes') }}
),

persons as (
    select s.version_code, r.person_key, r.year, r.period, min(level.rank) as rank
    from {{ ref('rating_rows') }} as r
    inner join systems as s on s.code = r.rating_system_code
    inner join {{ ref('codes') }} as level on level.list = 'rating_level' and level.code = r.decided_level_code
    where r.period_type_code = 'YEAR' and r.decided_level_code <> 'NOT_RATED'
    group by s.version_code, r.person_key, r.year, r.period
),

collectives as (
    select s.version_code, r.subject_unit_key, r.period, level.rank
    from {{ ref('whole_fct_ratings') }} as r
    inner join systems as s on s.code = r.rating_system_code
    inner join {{ ref('codes') }} as level on level.list = 'rating_level' and level.code = r.decided_level_code
    where r.subject_unit_key is not null and r.decided_level_code <> 'NOT_RATED'
),

-- what somebody was on the day of a rating; a year that was rated in the next one ends with its last day
days as (
    select distinct
        r.submission_key, r.sheet, r.row_no, r.person_key, r.year, least(r.rated_from, r.period_to) as first_day,
        least(r.rated_on, r.period_to) as last_day
    from laws as law
    inner join {{ ref('rating_rows') }} as r
        on law.dataset_code = 'ratings' and coalesce(law.roster_codes, law.post_codes) is not null and r.period_type_code = 'YEAR'
        and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    -- only of whoever is asked about
    inner join {{ ref('codes') }} as level
        on level.list = 'rating_level' and level.code = r.decided_level_code and level.code <> 'NOT_RATED' and level.rank <= law.rank
),

on_day as (
    {{ roster_of('days', ['submission_key', 'sheet', 'row_no']) }}
),

questions as (
    select
        {{ of_law('r', 'ratings', 'law') }}, law.rank as needed_rank,
        case
            when law.scope_code = 'AS_OFFICIAL' and p.rank is not null then 'YES' -- who was rated as an official is one
            when law.post_codes is not null then {{ is_spoken_of('law', 's', 's.post_code', 'VALUE_UNKNOWN', codes='post_codes') }}
            else {{ is_spoken_of('law', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }}
        end as is_spoken_of,
        case law.scope_code when 'AS_OFFICIAL' then p.rank when 'OWN_UNIT' then c.rank end as rank, true as is_sure
    from laws as law
    inner join {{ ref('rating_rows') }} as r
        on law.dataset_code = 'ratings' and r.period_type_code = 'YEAR' and {{ governs('law', 'r.period_to', 'r.rating_system_code') }}
    inner join {{ ref('codes') }} as level
        on level.list = 'rating_level' and level.code = r.decided_level_code and level.code <> 'NOT_RATED' and level.rank <= law.rank
    left join on_day as s on {{ same_row('s', 'r') }}
    left join persons as p on p.version_code = law.version_code and p.person_key = r.person_key and p.period = r.period
    left join collectives as c
        on c.version_code = law.version_code and c.subject_unit_key = case when not r.is_unit_assumed then r.unit_key end and c.period = r.period
    union all
    select
        {{ of_law('r', 'rotation', 'law') }}, law.rank as needed_rank,
        {{ is_spoken_of('law', 's', 's.staff_kind_code', 'STAFF_KIND_UNKNOWN') }} as is_spoken_of,
        case law.scope_code when 'YEAR_BEFORE' then p.rank end as rank,
        {{ surely_governs('law', 'r.posting_from') }} and year(r.posting_from) = year({{ latest_start('r.posting_from') }}) as is_sure
    from laws as law
    inner join {{ ref('whole_fct_rotation') }} as r
        on law.dataset_code = 'rotation' and {{ may_govern('law', 'r.posting_from', 'r.rotation_kind_code') }}
    left join {{ ref('roster_on_day') }} as s on s.fact_key = r.rotation_key
    left join persons as p on p.version_code = law.version_code and p.person_key = r.person_key and p.year = year(r.posting_from) - 1
),

asked as (
    select
        q.dataset_code, q.submission_key, q.sheet, q.row_no, q.unit_key, q.severity_code, q.rule_code, q.version_code,
        case
            when not q.is_sure then 'DAY_UNKNOWN'
            when q.rank <= q.needed_rank then 'PASSED'
            when q.is_spoken_of <> 'YES' then q.is_spoken_of
            when q.rank is null then 'RATING_UNKNOWN'
            else 'FAILED'
        end as answer
    from questions as q
    where q.is_spoken_of <> 'NO'
)

{{ answers_of_law('decided_level_code') }}
