select
    f.spell_key, f.person_key, f.year, f.unit_key, f.unit_version_key, f.base_unit_key, f.spell_kind_code, f.member_status_code,
    f.staff_kind_code, f.spell_from, f.spell_from_precision_code, f.spell_to, f.spell_to_precision_code, f.leaving_reason_code,
    f.exempt_from, f.exempt_to, f.suspended_from, f.suspended_to, f.post_code, f.committee_level_code, f.party_joined_on,
    f.party_joined_on_precision_code, f.party_official_on, f.party_official_on_precision_code, f.service_joined_on,
    f.service_joined_on_precision_code, f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_personnel') }} as f
left join {{ ref('stg_sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
