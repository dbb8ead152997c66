-- Which unit a row set aside speaks of. Whether the unit is valid on the row's own day is left open: the day may be what could not be read.
select
    a.dataset_code, a.submission_key, a.sheet, a.row_no, i.person_key, a.period, a.period_type_code, a.rating_system_code,
    a.decided_level_code, a.decided_on, a.decided_on_precision_code, p.unit_key, p.base_unit_key, p.reason_code, p.is_unit_assumed,
    p.former_version_key, p.nearest_units
from {{ ref('aside') }} as a
left join {{ ref('bridge_person_identity') }} as i on i.identity_key = a.identity_key
inner join {{ ref('places') }} as p
    on p.sender_unit_key = a.sender_unit_key and p.unit_word = a.unit_word
    and p.fact_on = a.fact_on and p.may_end_from = a.may_end_from
