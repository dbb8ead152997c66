-- The rule book as rules are asked by it.
select
    v.version_code, v.rule_code, r.family_code, r.dataset_code, v.subject_codes, v.valid_from, v.valid_to, v.severity_code, v.rounded_severity_code,
    v.months, v.hours, v.numerator, v.denominator, v.scope_code, v.level_code, v.allowed_codes, v.roster_codes
from {{ ref('law_versions') }} as v
inner join {{ ref('law_rules') }} as r on r.rule_code = v.rule_code
