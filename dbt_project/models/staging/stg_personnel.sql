select
    submission_key, sheet, row_no, unit, unit_marked, sex_code, identity_key, ethnicity_code, spell_kind_code,
    member_status_code, staff_kind_code, spell_from, spell_from_precision_code, spell_to, spell_to_precision_code,
    leaving_reason_code, exempt_from, exempt_from_precision_code, exempt_to, exempt_to_precision_code,
    suspended_from, suspended_from_precision_code, suspended_to, suspended_to_precision_code, post_code,
    committee_level_code, education_code, political_theory_code, party_joined_on, party_joined_on_precision_code,
    party_official_on, party_official_on_precision_code, service_joined_on, service_joined_on_precision_code,
    full_name_key, full_name_letters_key, birth_date_key, birth_date_year_key
from {{ source('landing', 'personnel') }}
