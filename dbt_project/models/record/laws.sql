-- The rule book as rules are asked by it. A version that the city confirmed weighs what the law itself would.
select
    v.version_code, v.rule_code, r.family_code, r.dataset_code, v.subject_codes, v.valid_from, v.valid_to,
    case when c.version_code is not null then coalesce(v.confirmed_severity_code, v.severity_code) else v.severity_code end as severity_code,
    v.rounded_severity_code, v.months, v.hours, v.numerator, v.denominator, v.scope_code, v.level_code, v.allowed_codes, v.roster_codes, v.post_codes
from {{ ref('law_versions') }} as v
inner join {{ ref('law_rules') }} as r on r.rule_code = v.rule_code
left join {{ source('context', 'confirmations') }} as c on c.version_code = v.version_code
