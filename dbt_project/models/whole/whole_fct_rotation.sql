-- Where somebody came from and went to is asked of the whole city, by code or by a name that only one unit bears; else it is outside. A former
-- name or code leads to what the unit is on the first day, else to who took over from it. Where somebody came from is asked of the day before the first:
-- on the day of a merger he comes from the unit that was merged. Where both lead to one unit, he comes from the unit as it was.
with
postings as (
    select
        c.fact_key as rotation_key, c.person_key, c.unit_key, c.unit_version_key, c.base_unit_key, c.is_unit_assumed, r.*,
        coalesce(r.from_unit_marked, r.from_unit) as from_word, coalesce(r.to_unit_marked, r.to_unit) as to_word,
        coalesce(r.posting_from, v.period_from) as looked_up_on, -- an unknown first day: as in the period that it was sent for
        coalesce({{ add_days('r.posting_from', -1) }}, v.period_from) as left_on
    from {{ rows_of_record('rotation') }}
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

words as (
    select from_word as unit_word, left_on as looked_up_on from postings where from_word is not null
    union
    select from_word as unit_word, looked_up_on from postings where from_word is not null
    union
    select to_word as unit_word, looked_up_on from postings where to_word is not null
),

units as (
    select unit_code_fold as unit_fold, unit_id, valid_from, valid_to, 1 as preference from {{ source('context', 'units') }} -- a code is exact
    union
    select unit_name_fold as unit_fold, unit_id, valid_from, valid_to, 2 as preference from {{ source('context', 'units') }}
),

candidates as (
    select w.unit_word, w.looked_up_on, u.unit_id, u.valid_from, u.valid_to, u.preference
    from words as w
    inner join units as u on u.unit_fold = {{ bare('w.unit_word') }}
    left join (select distinct unit_name_marked, unit_id from {{ source('context', 'units') }}) as e on e.unit_name_marked = w.unit_word
    where coalesce(e.unit_id = u.unit_id, true) or u.preference = 1
),

-- what a unit that is not open on the day is then, by another name or code, or who took over from it: as of a row's own unit (places)
led as (
    select
        c.unit_word, c.looked_up_on, c.preference, h.heir_unit_id,
        row_number() over (
            partition by c.unit_word, c.looked_up_on, c.preference, c.unit_id, c.valid_from order by h.step asc nulls last, h.heir_unit_id asc nulls last
        ) as nearest_first
    from candidates as c
    inner join {{ source('context', 'heirs') }} as h on h.unit_id = c.unit_id and (h.step = 0 or c.valid_to < c.looked_up_on)
    inner join {{ source('context', 'units') }} as n
        on n.unit_id = h.heir_unit_id and {{ is_open_on('c.looked_up_on', 'n.valid_from', 'n.valid_to') }}
    where not {{ is_open_on('c.looked_up_on', 'c.valid_from', 'c.valid_to') }}
),

fits as (
    select unit_word, looked_up_on, unit_id, preference as fit
    from candidates
    where {{ is_open_on('looked_up_on', 'valid_from', 'valid_to') }}
    union
    select unit_word, looked_up_on, heir_unit_id as unit_id, 2 + preference as fit from led where nearest_first = 1
),

places as (
    select
        f.unit_word, f.looked_up_on, min(f.fit) > 2 as is_former, case when count(distinct f.unit_id) = 1 then max({{ key(['f.unit_id']) }}) end as unit_key
    from fits as f
    inner join (select unit_word, looked_up_on, min(fit) as fit from fits group by unit_word, looked_up_on) as best
        on best.unit_word = f.unit_word and best.looked_up_on = f.looked_up_on and best.fit = f.fit
    group by f.unit_word, f.looked_up_on
),

ended as (
    select unit_word, looked_up_on, case when count(distinct unit_id) = 1 then max({{ key(['unit_id']) }}) end as unit_key
    from candidates
    where valid_to < looked_up_on
    group by unit_word, looked_up_on
)

select
    p.rotation_key, p.person_key, p.rotation_kind_code, p.unit_key, p.unit_version_key, p.base_unit_key, p.is_unit_assumed,
    case
        when f.unit_word is null then g.unit_key
        when f.is_former and f.unit_key = t.unit_key then coalesce(e.unit_key, f.unit_key)
        else f.unit_key
    end as from_unit_key,
    t.unit_key as to_unit_key,
    {{ group_of('from_post', 'p.from_post_code') }} as from_post_code, from_post.item_code as from_post_item_code,
    {{ group_of('to_post', 'p.to_post_code') }} as to_post_code, to_post.item_code as to_post_item_code,
    p.posting_from, p.posting_from_precision_code, p.posting_to, p.posting_to_precision_code,
    {{ months_between('p.posting_from', 'p.posting_to') }} as months,
    p.rotation_end_reason_code, p.is_in_planning, p.planning_exception_code, p.decision_no, p.official_decision_no, p.decided_on,
    p.submission_key, p.sheet, p.row_no
from postings as p
left join places as f on f.unit_word = p.from_word and f.looked_up_on = p.left_on
left join places as g on g.unit_word = p.from_word and g.looked_up_on = p.looked_up_on -- a unit that opened on the first day
left join ended as e on e.unit_word = p.from_word and e.looked_up_on = p.left_on
left join places as t on t.unit_word = p.to_word and t.looked_up_on = p.looked_up_on
{{ found_in('posts', 'from_post', 'p.from_post_key') }}
{{ found_in('posts', 'to_post', 'p.to_post_key') }}
