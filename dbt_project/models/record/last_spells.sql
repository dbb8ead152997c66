{{ config(materialized='view') }}
-- What rules ask the roster of a year of: each person's last primary spell in it, also where it ended before the year did. A sheet that has no
-- column for exemption or suspension says nothing of it.
select
    s.person_key, s.year, s.unit_key, s.base_unit_key, s.is_unit_assumed, s.staff_kind_code,
    coalesce(m.first_from, s.spell_from) as first_from, s.spell_from_precision_code, s.spell_to,
    {% for status in ['exempt', 'suspended'] -%}
    {%- for column in ['from', 'from_precision_code', 'to', 'to_precision_code'] -%}
    {{ told_of('s', 'm', status, column) }} as {{ status }}_{{ column }},
    {% endfor -%}
    {{ has_column('s', status ~ '_from') }} or coalesce(m.tells_{{ status }}, false) as tells_{{ status }},
    {% endfor -%}
    s.party_joined_on, s.party_joined_on_precision_code,
    s.submission_key, s.sheet, s.row_no
from {{ ref('whole_fct_personnel') }} as s
left join {{ ref('several_spells') }} as m on m.spell_key = s.spell_key
where {{ is_primary('s') }} and coalesce(m.is_last, true)
