-- Where somebody came from and went to is asked of the whole city, by code or by a name that only one unit bears; else it is outside.
with
postings as (
    select
        c.fact_key as rotation_key, c.person_key, c.unit_key, c.unit_version_key, c.base_unit_key, r.*,
        coalesce(r.posting_from, v.period_from) as looked_up_on -- an unknown first day: as in the period that it was sent for
    from {{ rows_of_record('rotation') }}
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

words as (
    select from_unit as unit_word, looked_up_on from postings where from_unit is not null
    union
    select to_unit as unit_word, looked_up_on from postings where to_unit is not null
),

units as (
    select unit_id, unit_code_fold, unit_name_fold, case when unit_name_word <> unit_name_fold then unit_name_word end as marked_word, valid_from, valid_to
    from {{ ref('stg_units') }}
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
        select unit_code_fold as unit_fold, unit_code_fold, unit_id, valid_from, valid_to from units
        union
        select unit_name_fold as unit_fold, unit_code_fold, unit_id, valid_from, valid_to from units
    ) as u
        on u.unit_fold = {{ bare('w.unit_word') }} and {{ is_open_on('w.looked_up_on', 'u.valid_from', 'u.valid_to') }}
    left join (select distinct marked_word, unit_id from units where marked_word is not null) as e on e.marked_word = w.unit_word
    where coalesce(e.unit_id = u.unit_id, true) or u.unit_code_fold = u.unit_fold
    group by w.unit_word, w.looked_up_on
)

select
    p.rotation_key, p.person_key, p.rotation_kind_code, p.unit_key, p.unit_version_key, p.base_unit_key,
    f.unit_key as from_unit_key, t.unit_key as to_unit_key, p.from_post_code, p.to_post_code,
    p.posting_from, p.posting_from_precision_code, p.posting_to, p.posting_to_precision_code,
    {{ months_between('p.posting_from', 'p.posting_to') }} as months,
    p.rotation_end_reason_code, p.is_in_planning, p.planning_exception_code, p.decision_no, p.official_decision_no, p.decided_on,
    p.submission_key, p.sheet, p.row_no
from postings as p
left join places as f on f.unit_word = p.from_unit and f.looked_up_on = p.looked_up_on
left join places as t on t.unit_word = p.to_unit and t.looked_up_on = p.looked_up_on
