-- A decision whose days nobody could read counts in the year that it was sent for.
select
    c.fact_key as discipline_key, r.discipline_system_code, r.subject_kind_code, c.person_key,
    case when r.subject_kind_code <> 'PERSON' then c.unit_key end as subject_unit_key,
    c.unit_key, c.unit_version_key, c.base_unit_key,
    r.discipline_form_code, r.violation_code, r.decision_no, r.official_decision_no, r.signed_on, r.announced_on,
    coalesce(r.announced_on, r.signed_on) as effective_on, cast(coalesce(year(coalesce(r.announced_on, r.signed_on)), v.year) as integer) as year,
    r.effect_end_on, r.case_no, r.official_case_no, coalesce(r.is_counted_elsewhere, false) as is_counted_elsewhere,
    r.committee_level_code, r.post_code, r.discipline_status_code,
    r.submission_key, r.sheet, r.row_no
from {{ rows_of_record('discipline') }}
inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
