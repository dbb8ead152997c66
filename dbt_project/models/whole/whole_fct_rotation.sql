-- Where somebody came from and went to is asked of the whole city, by code or by a name that only one unit bears; else it is outside.
with
postings as (
    select
        c.fact_key as rotation_key, c.person_key, c.unit_key, c.unit_version_key, c.base_unit_key, c.is_unit_assumed, r.*,
        coalesce(r.from_unit_marked, r.from_unit) as from_word, coalesce(r.to_unit_marked, r.to_unit) as to_word,
        coalesce(r.posting_from, v.period_from) as looked_up_on -- an unknown first day: as in the period that it was sent for
    from {{ rows_of_record('rotation') }}
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

words as (
    select from_word as unit_word, looked_up_on from postings where from_word is not null
    union
    select to_word as unit_word, looked_up_on from postings where to_word is not null
),

places as (
    select
        w.unit_word, w.looked_up_on,
        coalesce(
            max(case when u.unit_code_fold = u.unit_fold then {{ key(['u.unit_id']) }} end),
            case when count(distinct u.unit_id) = 1 then max({{ key(['u.unit_id']) }}) end
        ) as unit_key
    from words as w
    inner join (
        select unit_code_fold as unit_fold, unit_code_fold, unit_id, valid_from, valid_to from {{ source('context', 'units') }}
        union
        select unit_name_fold as unit_fold, unit_code_fold, unit_id, valid_from, valid_to from {{ source('context', 'units') }}
    ) as u
        on u.unit_fold = {{ bare('w.unit_word') }} and {{ is_open_on('w.looked_up_on', 'u.valid_from', 'u.valid_to') }}
    left join (select distinct unit_name_marked, unit_id from {{ source('context', 'units') }}) as e on e.unit_name_marked = w.unit_word
    where coalesce(e.unit_id = u.unit_id, true) or u.unit_code_fold = u.unit_fold
    group by w.unit_word, w.looked_up_on
)

select
    p.rotation_key, p.person_key, p.rotation_kind_code, p.unit_key, p.unit_version_key, p.base_unit_key, p.is_unit_assumed,
    f.unit_key as from_unit_key, t.unit_key as to_unit_key,
    {{ group_of('from_post', 'p.from_post_code') }} as from_post_code, from_post.item_code as from_post_item_code,
    {{ group_of('to_post', 'p.to_post_code') }} as to_post_code, to_post.item_code as to_post_item_code,
    p.posting_from, p.posting_from_precision_code, p.posting_to, p.posting_to_precision_code,
    {{ months_between('p.posting_from', 'p.posting_to') }} as months,
    p.rotation_end_reason_code, p.is_in_planning, p.planning_exception_code, p.decision_no, p.official_decision_no, p.decided_on,
    p.submission_key, p.sheet, p.row_no
from postings as p
left join places as f on f.unit_word = p.from_word and f.looked_up_on = p.looked_up_on
left join places as t on t.unit_word = p.to_word and t.looked_up_on = p.looked_up_on
{{ found_in('posts', 'from_post', 'p.from_post_key') }}
{{ found_in('posts', 'to_post', 'p.to_post_key') }}
