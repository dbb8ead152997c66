{{ config(materialized='view') }}
-- What rules ask the roster of a year of: each person's last primary spell in it, also where it ended before the year did. A sheet that has no
-- column for exemption or suspension says nothing of it.
select
    s.person_key, s.year, s.unit_key, s.base_unit_key, s.staff_kind_code,
    coalesce(m.first_from, s.spell_from) as first_from, s.spell_from_precision_code, s.spell_to,
    s.exempt_from, s.exempt_from_precision_code, s.exempt_to, s.exempt_to_precision_code,
    coalesce(m.suspended_from, s.suspended_from) as suspended_from,
    coalesce(m.suspended_from_precision_code, s.suspended_from_precision_code) as suspended_from_precision_code,
    case when m.tells_suspended then m.suspended_to else s.suspended_to end as suspended_to,
    case when m.tells_suspended then m.suspended_to_precision_code else s.suspended_to_precision_code end as suspended_to_precision_code,
    s.party_joined_on, s.party_joined_on_precision_code,
    {{ has_column('s', 'exempt_from') }} as tells_exempt,
    {{ has_column('s', 'suspended_from') }} or coalesce(m.tells_suspended, false) as tells_suspended,
    s.submission_key, s.sheet, s.row_no
from {{ ref('whole_fct_personnel') }} as s
left join {{ ref('several_spells') }} as m on m.spell_key = s.spell_key
where {{ is_primary('s') }} and coalesce(m.is_last, true)
