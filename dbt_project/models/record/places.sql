-- Which unit a word means to a sender on a day: the code of any unit, or the name of the sender or of a unit below it. A name is found by
-- its bare letters, for some programs write no marks; where a unit's marks are the word's own, no other unit is meant. Where none is open on
-- the day, one is meant that ended before it, and not before `may_end_from`; else what that unit is on the day, or who took over from it.
-- A word that is none of these is the sender's own (`is_unit_assumed`), unless it names a base organisation or a unit above the bases elsewhere.
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
        unit_name, unit_code_fold, unit_name_fold, unit_name_marked, unit_type_code,
        valid_from, valid_to
    from {{ source('context', 'units') }}
),

heirs as (
    select {{ key(['unit_id']) }} as unit_key, {{ key(['heir_unit_id']) }} as heir_unit_key, step from {{ source('context', 'heirs') }}
),

named as (
    select distinct b.ancestor_unit_key as sender_unit_key, u.*, 2 as preference
    from units as u
    inner join {{ ref('bridge_unit_ancestor') }} as b on b.unit_version_key = u.unit_version_key
    union all
    select distinct b.ancestor_unit_key as sender_unit_key, u.*, 3 as preference -- whoever is below the sender took over from it
    from units as u
    inner join heirs as h on h.unit_key = u.unit_key and h.step > 0
    inner join {{ ref('bridge_unit_ancestor') }} as b on b.unit_key = h.heir_unit_key
),

exact as (
    select distinct sender_unit_key, unit_name_marked, unit_key from named where unit_name_marked is not null
),

-- a name that is letter for letter an organisation's elsewhere is not the one below the sender that differs in marks
exact_elsewhere as (
    select distinct unit_name_marked
    from units
    where unit_name_marked is not null and unit_type_code in ('CITY', 'SUPERIOR', 'BASE_COMMITTEE', 'BASE_CELL')
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
    select w.*, u.unit_key, u.unit_version_key, u.valid_from, u.valid_to, u.preference
    from words as w
    inner join named as u on u.sender_unit_key = w.sender_unit_key and u.unit_name_fold = w.unit_fold
    left join exact as e on e.sender_unit_key = w.sender_unit_key and e.unit_name_marked = w.unit_word
    left join exact_elsewhere as x on x.unit_name_marked = case when e.unit_key is null then w.unit_word end
    where w.unit_word <> '' and coalesce(e.unit_key = u.unit_key, true) and x.unit_name_marked is null
),

-- what a unit that is not open on the day is then, by another name or code, or who took over from it
former as (
    select distinct unit_key, unit_version_key, valid_to, fact_on
    from candidates
    where not {{ is_open_on('fact_on', 'valid_from', 'valid_to') }}
),

led as (
    select
        f.unit_version_key, f.fact_on, n.unit_key as heir_unit_key, n.unit_version_key as heir_version_key,
        row_number() over (partition by f.unit_version_key, f.fact_on order by h.step asc nulls last) as nearest_first
    from former as f
    inner join heirs as h on h.unit_key = f.unit_key and (h.step = 0 or f.valid_to < f.fact_on)
    inner join units as n on n.unit_key = h.heir_unit_key and {{ is_open_on('f.fact_on', 'n.valid_from', 'n.valid_to') }}
),

fits as (
    select
        c.*, l.heir_unit_key, l.heir_version_key,
        case
            when c.preference < 3 and {{ is_open_on('c.fact_on', 'c.valid_from', 'c.valid_to') }} then c.preference
            when c.preference < 3 and c.valid_to < c.fact_on and c.valid_to >= c.may_end_from then 3
            when l.heir_unit_key is not null and c.unit_word <> '' then 3 + c.preference
            when c.preference < 3 then 7
        end as fit
    from candidates as c
    left join led as l on l.unit_version_key = c.unit_version_key and l.fact_on = c.fact_on and l.nearest_first = 1
),

ranked as (
    select
        f.*,
        row_number() over (
            partition by sender_unit_key, unit_word, fact_on, may_end_from
            order by fit asc nulls last, valid_to desc nulls first, preference asc nulls last, unit_version_key asc nulls last
        ) as best_first,
        min(coalesce(heir_unit_key, unit_key)) over (partition by sender_unit_key, unit_word, fact_on, may_end_from, fit)
        <> max(coalesce(heir_unit_key, unit_key)) over (partition by sender_unit_key, unit_word, fact_on, may_end_from, fit) as are_several
    from fits as f
    where f.fit is not null
),

unknown as (
    select w.*
    from words as w
    left join ranked as r
        on r.best_first = 1 and r.sender_unit_key = w.sender_unit_key and r.unit_word = w.unit_word
        and r.fact_on = w.fact_on and r.may_end_from = w.may_end_from
    where r.fit is null
),

elsewhere as (
    select
        w.sender_unit_key, w.unit_word, w.fact_on, w.may_end_from, min(u.unit_key) as unit_key, min(u.unit_version_key) as unit_version_key,
        count(distinct u.unit_key) > 1 as are_several
    from unknown as w
    inner join units as u
        on u.unit_name_fold = w.unit_fold and u.unit_type_code in ('CITY', 'SUPERIOR', 'BASE_COMMITTEE', 'BASE_CELL')
        and {{ is_open_on('w.fact_on', 'u.valid_from', 'u.valid_to') }}
    left join (select distinct unit_name_marked, unit_key from units) as e on e.unit_name_marked = w.unit_word
    where coalesce(e.unit_key = u.unit_key, true)
    group by w.sender_unit_key, w.unit_word, w.fact_on, w.may_end_from
),

resolved as (
    select
        sender_unit_key, unit_word, fact_on, may_end_from,
        case when fit = 7 then 'UNIT_NOT_VALID' when fit <> 3 and are_several then 'UNIT_AMBIGUOUS' end as reason_code,
        case when fit between 4 and 6 then heir_unit_key else unit_key end as unit_key,
        case when fit between 4 and 6 then heir_version_key else unit_version_key end as unit_version_key,
        case when fit between 4 and 6 then unit_version_key end as former_version_key,
        case when fit = 3 then valid_to else fact_on end as place_on, false as is_unit_assumed
    from ranked
    where best_first = 1
    union all
    select
        w.sender_unit_key, w.unit_word, w.fact_on, w.may_end_from,
        case when e.are_several then 'FOREIGN_UNIT' when e.unit_key is null and s.unit_key is null then 'UNIT_UNKNOWN' end as reason_code,
        coalesce(e.unit_key, s.unit_key) as unit_key,
        case when e.unit_key is null then s.unit_version_key else e.unit_version_key end as unit_version_key,
        cast(null as string) as former_version_key, w.fact_on as place_on, e.unit_key is null and s.unit_key is not null as is_unit_assumed
    from unknown as w
    left join elsewhere as e
        on e.sender_unit_key = w.sender_unit_key and e.unit_word = w.unit_word and e.fact_on = w.fact_on and e.may_end_from = w.may_end_from
    left join units as s on s.unit_key = w.sender_unit_key and {{ is_open_on('w.fact_on', 's.valid_from', 's.valid_to') }}
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
),

-- a hint for people, which decides nothing
likeness as (
    select
        w.sender_unit_key, w.unit_word, w.fact_on, u.unit_name,
        row_number() over (
            partition by w.sender_unit_key, w.unit_word, w.fact_on
            order by {{ likeness('w.unit_fold', 'u.unit_name_fold') }} desc nulls last, u.unit_name asc nulls last
        ) as most_like_first
    from (
        select distinct w.sender_unit_key, w.unit_word, w.unit_fold, w.fact_on
        from unknown as w
        inner join resolved as r
            on r.is_unit_assumed and r.sender_unit_key = w.sender_unit_key and r.unit_word = w.unit_word
            and r.fact_on = w.fact_on and r.may_end_from = w.may_end_from
    ) as w
    inner join (select distinct sender_unit_key, unit_name, unit_name_fold, valid_from, valid_to from named where preference = 2) as u
        on u.sender_unit_key = w.sender_unit_key and {{ is_open_on('w.fact_on', 'u.valid_from', 'u.valid_to') }}
    where {{ likeness('w.unit_fold', 'u.unit_name_fold') }} >= 0.75
),

nearest as (
    select
        sender_unit_key, unit_word, fact_on,
        concat_ws(
            '; ', max(case when most_like_first = 1 then unit_name end), max(case when most_like_first = 2 then unit_name end),
            max(case when most_like_first = 3 then unit_name end)
        ) as nearest_units
    from likeness
    where most_like_first <= 3
    group by sender_unit_key, unit_word, fact_on
)

select
    r.sender_unit_key, r.unit_word, r.fact_on, r.may_end_from,
    case
        when r.reason_code is not null then r.reason_code
        when a.is_within_sender = 0 then 'FOREIGN_UNIT'
    end as reason_code,
    case when r.reason_code is null then r.unit_key end as unit_key,
    case when r.reason_code is null then r.unit_version_key end as unit_version_key,
    a.base_unit_key, r.is_unit_assumed, n.nearest_units,
    case when r.reason_code is null then r.former_version_key end as former_version_key
from resolved as r
left join above as a
    on a.sender_unit_key = r.sender_unit_key and a.unit_word = r.unit_word
    and a.fact_on = r.fact_on and a.may_end_from = r.may_end_from
left join nearest as n on n.sender_unit_key = r.sender_unit_key and n.unit_word = r.unit_word and n.fact_on = r.fact_on
