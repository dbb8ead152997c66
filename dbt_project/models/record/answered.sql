-- Who answered for whom: a base organisation answers for all below it by sending, nil or not; a unit above the bases for those below it that the calendar
-- does not ask themselves, where it asks that unit, else for itself alone, and not by rows of which it is only assumed that they are its own. Rows of
-- record in a base organisation that another sent are its answer where the calendar does not ask it; else they are what is known of it so far.
-- `is_own` only where the answer is its own and of the whole year: the year's list, or one of each quarter. A roster answers for the periods that end
-- within its own: one of the third quarter says nothing of who is there when the year ends.
with
said as (
    select
        dataset_code, period, year, coalesce(sender_base_unit_key, sender_unit_key) as unit_key,
        sender_base_unit_key is not null as is_own -- a committee that sends for its bases has not answered for itself
    from {{ ref('versions') }}
    where is_current
    union all
    select
        c.dataset_code, c.period, v.year, {{ organisation_of('c') }} as unit_key,
        asked.unit_key is null or coalesce(v.sender_base_unit_key = asked.unit_key, false) as is_own
    from {{ ref('choices') }} as c
    inner join {{ ref('versions') }} as v on v.submission_key = c.submission_key
    left join {{ ref('asked_bases') }} as asked
        on asked.dataset_code = c.dataset_code and asked.period = {{ answered_period('c.dataset_code', 'c.period', 'v.year') }}
        and asked.unit_key = {{ organisation_of('c') }}
    where c.is_of_record and not c.is_unit_assumed
    union all
    select dataset_code, period, year, unit_key, true as is_own
    from {{ ref('answered_above') }}
    where depth > 0 and dataset_code <> 'personnel' -- whoever is on no roster may have been forgotten
),

answers as (
    select distinct dataset_code, {{ answered_period('dataset_code', 'period', 'year') }} as period, period as said_period, unit_key, is_own
    from said
    where dataset_code <> 'personnel'
    union all
    select distinct s.dataset_code, p.period, p.period as said_period, s.unit_key, s.is_own
    from said as s
    inner join {{ source('context', 'periods') }} as own on own.period = s.period
    inner join {{ ref('asked_periods') }} as p on p.period_to between own.period_from and own.period_to
    where s.dataset_code = 'personnel'
),

lines as (
    select distinct p.period, p.year, b.unit_key, b.ancestor_unit_key, b.ancestor_unit_type_code
    from (select distinct period from answers) as asked
    inner join {{ source('context', 'periods') }} as p on p.period = asked.period
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.valid_from <= p.period_to and {{ end_of('b.valid_to') }} >= p.period_from
),

spread as (
    select a.dataset_code, a.period, a.said_period, l.year, l.ancestor_unit_key as unit_key, a.is_own and l.ancestor_unit_key = a.unit_key as is_own
    from answers as a
    inner join lines as l on l.period = a.period and l.unit_key = a.unit_key
    union all
    select a.dataset_code, a.period, a.said_period, l.year, l.unit_key, a.is_own
    from answers as a
    inner join lines as l on l.period = a.period and l.ancestor_unit_key = a.unit_key
    where l.ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
)

select
    dataset_code, period, year, unit_key,
    max(case when is_own and said_period = period then 1 else 0 end) = 1
    or count(distinct case when is_own then said_period end) = 4 as is_own
from spread
group by dataset_code, period, year, unit_key
