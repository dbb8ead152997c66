-- Rules of cells and rows answer for each newest version, rules of the warehouse for what is current. A law of the warehouse says of
-- how many rows it does not speak; where it was asked of none in a submission, why.
with
versions as (
    select * from {{ ref('versions') }} where is_newest or is_current
),

counts as (
    select c.*
    from {{ source('landing', 'rule_counts') }} as c
    inner join versions as v on v.submission_key = c.submission_key and v.is_newest
),

-- versions that are judged by the period's last day; others by days of rows
of_periods as (
    select law.version_code, law.valid_from, law.valid_to
    from {{ ref('law_versions') }} as law
    inner join {{ ref('law_rules') }} as l on l.rule_code = law.rule_code
    where l.judged_on = 'period_end'
),

warehouse as (
    select
        submission_key, dataset_code, rule_code, version_code, answer_code, reason_code, cast(sum(answer_count) as bigint) as answer_count
    from {{ ref('warehouse_answers') }}
    group by submission_key, dataset_code, rule_code, version_code, answer_code, reason_code
),

asked as (
    select submission_key, rule_code, version_code, cast(sum(answer_count) as bigint) as answer_count
    from warehouse
    group by submission_key, rule_code, version_code
),

silent as (
    select
        v.submission_key, v.dataset_code, r.rule_code, r.version_code, 'NOT_APPLICABLE' as answer_code,
        case
            when a.submission_key is not null then 'ROW_NOT_CONCERNED'
            when r.valid_from > v.period_to or r.valid_to < v.period_from then 'NOT_IN_FORCE'
            when l.judged_on = 'whole_year' and (r.valid_from > v.period_from or r.valid_to < v.period_to) then 'NOT_IN_FORCE'
            else 'NOBODY_CONCERNED'
        end as reason_code,
        cast(v.rows_accepted - coalesce(a.answer_count, 0) as bigint) as answer_count
    from versions as v
    inner join {{ ref('rules') }} as r on r.dataset_code = v.dataset_code and r.step_code = 'WAREHOUSE' and r.version_code is not null
    inner join {{ ref('law_rules') }} as l on l.rule_code = r.rule_code
    left join asked as a
        on a.submission_key = v.submission_key and a.rule_code = r.rule_code and a.version_code = r.version_code
    -- a share is asked once of a group and not of its rows
    where v.is_current
        and (a.submission_key is null or (coalesce(l.family_code, '') <> 'SHARE_WITHIN_CAP' and a.answer_count < v.rows_accepted))
),

answers as (
    {% for answer, count, reason in [
        ('PASSED', 'asked_count - c.failed_count', 'null'),
        ('FAILED', 'failed_count', 'null'),
        ('NOT_ASKED', 'not_asked_count', "'VALUE_UNKNOWN'"),
        ('NOT_APPLICABLE', 'not_applicable_count',
         "case when r.valid_from > v.period_to or r.valid_to < v.period_from then 'NOT_IN_FORCE' else 'ROW_NOT_CONCERNED' end"),
    ] %}
    select
        c.submission_key, c.dataset_code, c.rule_code, c.version_code, '{{ answer }}' as answer_code, cast({{ reason }} as string) as reason_code,
        c.{{ count }} as answer_count
    from counts as c
    {% if answer == 'NOT_APPLICABLE' %}
    inner join versions as v on v.submission_key = c.submission_key
    left join of_periods as r on r.version_code = c.version_code
    {% endif %}
    where c.{{ count }} > 0
    union all
    {% endfor %}
    select submission_key, dataset_code, rule_code, version_code, answer_code, reason_code, answer_count from warehouse
    union all
    select submission_key, dataset_code, rule_code, version_code, answer_code, reason_code, answer_count from silent
)

select
    s.submission_key, v.period, s.dataset_code, s.rule_code, s.version_code, s.answer_code, s.reason_code as answer_reason_code, s.answer_count
from answers as s
left join {{ ref('versions') }} as v on v.submission_key = s.submission_key
