-- Which unit a word means to a sender on a day: the code of any unit, or the name of the sender or of a unit below it. A name is found by
-- its bare letters, for some programs write no marks; where a unit's marks are the word's own, no other unit is meant. Where none is open on
-- the day, one is meant that ended before it, and not before `may_end_from`.
with
said as (
    select sender_unit_key, unit_word, fact_on, may_end_from from {{ ref('claims') }}
    union -- each once
    select sender_unit_key, unit_word, fact_on, may_end_from from {{ ref('aside') }}
),

words as (
    select sender_unit_key, unit_word, {{ bare('unit_word') }} as unit_fold, fact_on, may_end_from from said
),

units as (
    select
        {{ key(['unit_id']) }} as unit_key, {{ key(['unit_id', 'valid_from']) }} as unit_version_key,
        unit_code_fold, unit_name_fold, unit_name_marked,
        valid_from, valid_to
    from {{ source('context', 'units') }}
),

named as (
    select distinct
        b.ancestor_unit_key as sender_unit_key, u.unit_name_fold, u.unit_name_marked, u.unit_key, u.unit_version_key, u.valid_from, u.valid_to
    from units as u
    inner join {{ ref('bridge_unit_ancestor') }} as b on b.unit_version_key = u.unit_version_key
),

exact as (
    select distinct sender_unit_key, unit_name_marked, unit_key from named where unit_name_marked is not null
),

-- a code is exact, so it is preferred to a name
candidates as (
    select w.*, u.unit_key, u.unit_version_key, u.valid_from, u.valid_to, 1 as preference
    from words as w
    inner join units as u on u.unit_key = w.sender_unit_key
    where w.unit_word = ''
    union all
    select w.*, u.unit_key, u.unit_version_key, u.valid_from, u.valid_to, 1 as preference
    from words as w
    inner join units as u on u.unit_code_fold = w.unit_fold
    union all
    select w.*, u.unit_key, u.unit_version_key, u.valid_from, u.valid_to, 2 as preference
    from words as w
    inner join named as u on u.sender_unit_key = w.sender_unit_key and u.unit_name_fold = w.unit_fold
    left join exact as e on e.sender_unit_key = w.sender_unit_key and e.unit_name_marked = w.unit_word
    where w.unit_word <> '' and coalesce(e.unit_key = u.unit_key, true)
),

fits as (
    select
        c.*,
        case
            when {{ is_open_on('fact_on', 'valid_from', 'valid_to') }} then preference
            when valid_to < fact_on and valid_to >= may_end_from then 3
            else 4
        end as fit
    from candidates as c
),

ranked as (
    select
        f.*,
        row_number() over (
            partition by sender_unit_key, unit_word, fact_on, may_end_from
            order by fit asc nulls last, valid_to desc nulls first, preference asc nulls last, unit_version_key asc nulls last
        ) as best_first,
        count(*) over (partition by sender_unit_key, unit_word, fact_on, may_end_from, fit) as fit_count
    from fits as f
),

resolved as (
    select
        w.sender_unit_key, w.unit_word, w.fact_on, w.may_end_from,
        case
            when r.fit is null then 'UNIT_UNKNOWN'
            when r.fit = 4 then 'UNIT_NOT_VALID'
            when r.fit <= 2 and r.fit_count > 1 then 'UNIT_AMBIGUOUS'
        end as reason_code,
        r.unit_key, r.unit_version_key,
        case when r.fit = 3 then r.valid_to else w.fact_on end as place_on
    from words as w
    left join ranked as r
        on r.best_first = 1 and r.sender_unit_key = w.sender_unit_key and r.unit_word = w.unit_word
        and r.fact_on = w.fact_on and r.may_end_from = w.may_end_from
),

above as (
    select
        r.sender_unit_key, r.unit_word, r.fact_on, r.may_end_from,
        max(case when b.ancestor_unit_key = r.sender_unit_key then 1 else 0 end) as is_within_sender,
        max(case when b.ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL') then b.ancestor_unit_key end) as base_unit_key
    from resolved as r
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.unit_version_key = r.unit_version_key and {{ is_open_on('r.place_on', 'b.valid_from', 'b.valid_to') }}
    where r.reason_code is null
    group by r.sender_unit_key, r.unit_word, r.fact_on, r.may_end_from
)

select
    r.sender_unit_key, r.unit_word, r.fact_on, r.may_end_from,
    case
        when r.reason_code is not null then r.reason_code
        when a.is_within_sender = 0 then 'FOREIGN_UNIT'
    end as reason_code,
    case when r.reason_code is null then r.unit_key end as unit_key,
    case when r.reason_code is null then r.unit_version_key end as unit_version_key,
    a.base_unit_key
from resolved as r
left join above as a
    on a.sender_unit_key = r.sender_unit_key and a.unit_word = r.unit_word
    and a.fact_on = r.fact_on and a.may_end_from = r.may_end_from
