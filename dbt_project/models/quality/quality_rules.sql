{{ config(alias='rules') }}
-- The sums of rule_answers: rules of files and rows over the newest versions, rules of the warehouse over what they were asked of.
with
counts as (
    select
        rule_code, coalesce(version_code, '') as version_code, dataset_code,
        cast(sum(case when answer_code in ('PASSED', 'FAILED') then answer_count else 0 end) as bigint) as asked_count,
        cast(sum(case when answer_code = 'FAILED' then answer_count else 0 end) as bigint) as failed_count,
        cast(sum(case when answer_code = 'NOT_ASKED' then answer_count else 0 end) as bigint) as not_asked_count,
        cast(sum(case when answer_code = 'NOT_APPLICABLE' then answer_count else 0 end) as bigint) as not_applicable_count
    from {{ ref('rule_answers') }}
    group by rule_code, coalesce(version_code, ''), dataset_code
),

-- rules of a whole file are not counted row by row: their findings are, of all datasets together
found as (
    select f.rule_code, cast(count(*) as bigint) as failed_count
    from {{ ref('whole_findings') }} as f
    inner join {{ ref('versions') }} as v on v.submission_key = f.submission_key
    where v.is_newest
    group by f.rule_code
)

select
    {{ key(['r.rule_code', 'r.version_code', 'r.dataset_code']) }} as rule_key,
    r.rule_code, r.version_code, r.dataset_code,
    case when y.version_code is not null then r.confirmed_severity_code else r.severity_code end as severity_code, r.confirmed_severity_code,
    r.step_code, r.says_vi, r.says_en, r.basis, case when y.version_code is not null then 'V' else r.grade end as grade,
    y.confirmed_on,
    r.valid_from as in_force_from, r.valid_to as in_force_to, r.address, r.note_vi,
    coalesce(c.asked_count, case when r.step_code <> 'FILE' then 0 end) as asked_count,
    coalesce(c.failed_count, f.failed_count, 0) as failed_count,
    coalesce(c.not_asked_count, case when r.step_code <> 'FILE' then 0 end) as not_asked_count,
    coalesce(c.not_applicable_count, case when r.step_code <> 'FILE' then 0 end) as not_applicable_count
from {{ ref('rules') }} as r
left join counts as c on c.rule_code = r.rule_code and c.dataset_code = r.dataset_code and c.version_code = coalesce(r.version_code, '')
left join {{ source('context', 'confirmations') }} as y on y.version_code = r.version_code
left join found as f on f.rule_code = r.rule_code and r.step_code = 'FILE'
