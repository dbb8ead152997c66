-- Which forms of discipline a person may be given, who by the roster was this or that on the day of signature. Where the law names
-- the posts from which one is removed, the decision's own post says whether it was one.
{% set code_on_day = "case when d.discipline_system_code = 'PARTY' then s.member_status_code else s.staff_kind_code end" %}
with
decisions as (
    select
        d.submission_key, d.sheet, d.row_no, d.discipline_form_code, d.discipline_system_code, law.rule_code, law.version_code, law.severity_code,
        law.allowed_codes, d.discipline_form_code = 'REMOVAL' and d.post_code is not null and law.post_codes is not null
            and not ({{ one_of('d.post_code', 'law.post_codes') }}) as is_removed_from_nothing,
        {{ surely_governs('law', 'd.day_of_signature') }} as is_sure, {{ is_spoken_of('law', 's', code_on_day, 'STATUS_UNKNOWN') }} as is_spoken_of
    from (
        select f.*, {{ day_of_signature('f') }}
        from {{ ref('whole_fct_discipline') }} as f
    ) as d
    inner join {{ ref('laws') }} as law
        on law.family_code = 'FORM_ALLOWED' and {{ may_govern('law', 'd.day_of_signature', 'd.discipline_system_code') }}
    left join {{ ref('roster_on_day') }} as s on s.fact_key = d.discipline_key
    where d.subject_kind_code = 'PERSON' and {{ stands('d') }}
),

asked as (
    select
        {{ of_law('d', 'discipline', 'd') }},
        case
            when not d.is_sure then 'DAY_UNKNOWN'
            when {{ one_of('d.discipline_form_code', 'd.allowed_codes') }} and not coalesce(d.is_removed_from_nothing, false) then 'PASSED'
            when d.discipline_form_code is null then 'VALUE_UNKNOWN'
            when d.is_spoken_of = 'YES' then 'FAILED'
            when d.is_spoken_of = 'STATUS_UNKNOWN' and d.discipline_system_code <> 'PARTY' then 'STAFF_KIND_UNKNOWN'
            else d.is_spoken_of
        end as answer
    from decisions as d
    where d.is_spoken_of <> 'NO'
)

{{ answers_of_law('discipline_form_code') }}
