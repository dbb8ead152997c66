-- In a group, those rated excellent are at most a share of those rated good or better. `scope_code` says which group: the base organisation or
-- agency that rated, or peers, whom the forms do not name. Rows that wait for a correction leave the share open: it is broken where it would be
-- with all of them good, kept where it would be with all of them excellent. Of a row whose unit alone is in doubt the level is known.
-- Where a sum of groups is over its share, one of them is.
with
groups as (
    select
        g.period, g.rating_system_code, g.base_unit_key, g.good_inclusive, g.excellent, law.rule_code, law.version_code,
        law.severity_code, law.rounded_severity_code, law.numerator, law.denominator, law.scope_code
    from {{ ref('base_ratings') }} as g
    inner join {{ ref('laws') }} as law
        on law.family_code = 'SHARE_WITHIN_CAP' and {{ governs('law', 'g.period_to', 'g.rating_system_code') }}
    where g.period_type_code = 'YEAR'
),

-- whoever sent rows of the group is told
senders as (
    select distinct r.period, r.rating_system_code, r.base_unit_key, r.submission_key
    from {{ ref('whole_fct_ratings') }} as r
    inner join groups as g
        on g.period = r.period and g.rating_system_code = r.rating_system_code and g.base_unit_key = r.base_unit_key
),

-- a base organisation's rows are its own; where a superior's do not say whose they are, they may be of any that it sent for
waiting as (
    select
        w.submission_key, w.period, w.rating_system_code, case when not w.is_set_aside then w.decided_level_code end as decided_level_code,
        coalesce(w.sender_base_unit_key, case when w.reason_code is null then w.base_unit_key end) as base_unit_key
    from {{ ref('waiting_ratings') }} as w
    left join {{ ref('whole_fct_ratings') }} as counted
        on counted.person_key = w.person_key and counted.period = w.period and counted.rating_system_code = w.rating_system_code
    left join (select distinct person_key, period from {{ ref('whole_fct_ratings') }}) as rated -- in any system
        on rated.person_key = case when w.rating_system_code is null then w.person_key end and rated.period = w.period
    where w.period_type_code = 'YEAR' and counted.rating_key is null and rated.person_key is null
    union all
    select r.submission_key, r.period, r.rating_system_code, r.decided_level_code, cast(null as string) as base_unit_key
    from {{ ref('whole_fct_ratings') }} as r
    where r.period_type_code = 'YEAR' and {{ is_of_any_below('r') }}
),

open_rows as (
    select
        s.period, s.rating_system_code, s.base_unit_key, w.decided_level_code as level_code,
        w.base_unit_key is not null and w.rating_system_code is not null as is_sure
    from waiting as w
    inner join (
        select period, rating_system_code, base_unit_key, submission_key from senders
        union all
        select period, rating_system_code, base_unit_key, cast(null as string) as submission_key from groups
    ) as s
        on s.period = w.period and s.rating_system_code = coalesce(w.rating_system_code, s.rating_system_code)
        and ((w.base_unit_key is null and s.submission_key = w.submission_key) or (s.base_unit_key = w.base_unit_key and s.submission_key is null))
),

-- as it would be with the open rows good, and with them excellent
bounds as (
    select
        period, rating_system_code, base_unit_key,
        {{ count_where("is_sure and level_code = 'EXCELLENT'") }} as least_excellent,
        {{ count_where("level_code is null or level_code = 'GOOD' or (is_sure and level_code = 'EXCELLENT')") }} as most_good,
        {{ count_where("level_code is null or level_code = 'EXCELLENT'") }} as most_excellent,
        {{ count_where("level_code is null or level_code = 'EXCELLENT' or (is_sure and level_code = 'GOOD')") }} as least_good
    from open_rows
    group by period, rating_system_code, base_unit_key
),

bounded as (
    select
        g.*, g.excellent + coalesce(b.least_excellent, 0) as least_excellent, g.good_inclusive + coalesce(b.most_good, 0) as most_good,
        g.excellent + coalesce(b.most_excellent, 0) as most_excellent, g.good_inclusive + coalesce(b.least_good, 0) as least_good
    from groups as g
    left join bounds as b
        on b.period = g.period and b.rating_system_code = g.rating_system_code and b.base_unit_key = g.base_unit_key
),

asked as (
    select
        'ratings' as dataset_code, s.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no, g.base_unit_key as unit_key,
        g.rule_code, g.version_code,
        -- units round up in practice: what only rounding allows weighs less
        case
            when (g.least_excellent - 1) * g.denominator < g.most_good * g.numerator then coalesce(g.rounded_severity_code, g.severity_code)
            else g.severity_code
        end as severity_code,
        case
            when g.scope_code not in ('BASE_ORGANISATION', 'AGENCY') then 'NOT_IN_FORMS'
            when g.least_excellent * g.denominator > g.most_good * g.numerator then 'FAILED'
            when g.most_excellent * g.denominator <= g.least_good * g.numerator then 'PASSED'
            else 'ROWS_WAITING'
        end as answer
    from bounded as g
    inner join senders as s
        on s.period = g.period and s.rating_system_code = g.rating_system_code and s.base_unit_key = g.base_unit_key
    where g.most_good > 0
)

{{ answers_of_law('decided_level_code') }}
