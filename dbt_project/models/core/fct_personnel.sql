-- No day of a person leaves: spells by their year and whole months, joining days by bands of years that do not move with the roster's year,
-- so that no two rosters narrow one down.
select
    f.spell_key, f.person_key, f.year, f.unit_key, f.unit_version_key, f.base_unit_key, f.is_unit_assumed, f.spell_kind_code, f.member_status_code,
    f.staff_kind_code,
    cast(year(f.spell_from) as integer) as spell_from_year, f.spell_from_precision_code,
    cast(year(f.spell_to) as integer) as spell_to_year, f.spell_to_precision_code, {{ months_between('f.spell_from', 'f.spell_to') }} as spell_months,
    f.leaving_reason_code,
    cast(year(f.exempt_from) as integer) as exempt_from_year, {{ months_between('f.exempt_from', 'f.exempt_to') }} as exempt_months,
    cast(year(f.suspended_from) as integer) as suspended_from_year,
    {{ months_between('f.suspended_from', 'f.suspended_to') }} as suspended_months,
    f.post_code, f.post_item_code, f.committee_level_code,
    {{ band('f.party_joined_on') }} as party_joined_band, {{ band('f.party_official_on') }} as party_official_band,
    {{ band('f.service_joined_on') }} as service_joined_band,
    f.submission_key, s.sheet_no, f.row_no
from {{ ref('whole_fct_personnel') }} as f
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
