-- Who answered for whom: a base organisation answers for all below it by sending, nil or not, or by rows of record in it.
-- A unit above the bases answers for itself alone, and not by rows of which it is only assumed that they are its own.
with
answers as (
    select distinct
        dataset_code, {{ answered_period('dataset_code', 'period', 'year') }} as period,
        coalesce(sender_base_unit_key, sender_unit_key) as unit_key,
        sender_base_unit_key is not null as is_own -- a committee that sends for its bases has not answered for itself
    from {{ ref('versions') }}
    where is_current
    union all
    select distinct
        c.dataset_code, {{ answered_period('c.dataset_code', 'c.period', 'v.year') }} as period, coalesce(c.base_unit_key, c.unit_key) as unit_key,
        true as is_own
    from {{ ref('choices') }} as c
    inner join {{ ref('versions') }} as v on v.submission_key = c.submission_key
    where c.is_of_record and not c.is_unit_assumed
),

lines as (
    select distinct p.period, p.year, b.unit_key, b.ancestor_unit_key, b.ancestor_unit_type_code
    from (select distinct period from answers) as asked
    inner join {{ source('context', 'periods') }} as p on p.period = asked.period
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.valid_from <= p.period_to and {{ end_of('b.valid_to') }} >= p.period_from
),

spread as (
    select a.dataset_code, a.period, l.year, l.ancestor_unit_key as unit_key, a.is_own and l.ancestor_unit_key = a.unit_key as is_own
    from answers as a
    inner join lines as l on l.period = a.period and l.unit_key = a.unit_key
    union all
    select a.dataset_code, a.period, l.year, l.unit_key, a.is_own
    from answers as a
    inner join lines as l on l.period = a.period and l.ancestor_unit_key = a.unit_key
    where l.ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
)

select dataset_code, period, year, unit_key, max(case when is_own then 1 else 0 end) = 1 as is_own
from spread
group by dataset_code, period, year, unit_key
