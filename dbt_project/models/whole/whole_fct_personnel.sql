-- Who stands in a roster was there in its period: a first day that nobody could read is the period's own, and is said to be assumed.
select
    c.fact_key as spell_key, c.person_key, v.year, c.unit_key, c.unit_version_key, c.base_unit_key, c.is_unit_assumed,
    r.spell_kind_code, r.member_status_code, r.staff_kind_code,
    coalesce(r.spell_from, v.period_from) as spell_from,
    case when r.spell_from is null then 'ASSUMED' else r.spell_from_precision_code end as spell_from_precision_code,
    r.spell_to, r.spell_to_precision_code, r.leaving_reason_code,
    r.exempt_from, r.exempt_from_precision_code, r.exempt_to, r.exempt_to_precision_code,
    r.suspended_from, r.suspended_from_precision_code, r.suspended_to, r.suspended_to_precision_code,
    {{ group_of('post', 'r.post_code') }} as post_code, post.item_code as post_item_code,
    r.committee_level_code,
    r.party_joined_on, r.party_joined_on_precision_code, r.party_official_on, r.party_official_on_precision_code,
    r.service_joined_on, r.service_joined_on_precision_code,
    r.submission_key, r.sheet, r.row_no
from {{ rows_of_record('personnel') }}
inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
{{ found_in('posts', 'post', 'r.post_key') }}
