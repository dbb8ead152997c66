select
    f.person_key, f.period_type_code, f.period, f.year, f.period_to, f.unit_key, f.unit_version_key, f.base_unit_key, f.member_status_code,
    f.is_member, f.staff_kind_code, f.is_exempt, f.is_suspended, f.post_code, f.committee_level_code, f.spell_key
from {{ ref('whole_fct_headcount') }} as f
