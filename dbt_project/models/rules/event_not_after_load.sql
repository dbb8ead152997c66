-- What a file tells as having happened cannot lie after the day of the load that first saw the file. Only the load knows that day:
-- a file alone is judged by its period, so that its verdict depends on nothing else.
{% set events = {
    'personnel': ['spell_from', 'party_joined_on', 'party_official_on', 'service_joined_on', 'exempt_from', 'suspended_from'],
    'ratings': ['decided_on'],
    'rotation': ['posting_from', 'decided_on'],
    'training': ['training_from'],
    'discipline': ['signed_on', 'announced_on'],
} %}
with
versions as (
    select
        submission_key, first_received_as_of,
        coalesce(period_from > first_received_as_of, false) as is_not_begun -- its folder is in doubt, not each day
    from {{ ref('versions') }}
    where is_current
),

late as (
    {% for dataset, columns in events.items() %}{% set last = loop.last %}
    {% for column in columns %}
    select '{{ dataset }}' as dataset_code, r.submission_key, r.sheet, r.row_no, '{{ column }}' as happened
    from {{ source('landing', dataset) }} as r
    inner join versions as v on v.submission_key = r.submission_key and not v.is_not_begun
    where r.{{ column }} > v.first_received_as_of
    {% if not (last and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

-- all other days are only counted: nearly all are well, and to hold a row of each took most of the time
told as (
    {% for dataset, columns in events.items() %}
    select '{{ dataset }}' as dataset_code, submission_key, {% for column in columns %}count({{ column }}){{ ' + ' if not loop.last }}{% endfor %} as day_count
    from {{ source('landing', dataset) }}
    group by submission_key
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counts as (
    select t.dataset_code, t.submission_key, v.is_not_begun, cast(t.day_count - coalesce(l.late_count, 0) as bigint) as answer_count
    from told as t
    inner join versions as v on v.submission_key = t.submission_key
    left join (select dataset_code, submission_key, count(*) as late_count from late group by dataset_code, submission_key) as l
        on l.dataset_code = t.dataset_code and l.submission_key = t.submission_key
)

select
    'event_not_after_load' as rule_code, cast(null as string) as version_code, dataset_code, submission_key, sheet, row_no,
    cast(happened as string) as column_name, cast(null as string) as unit_key, cast(null as string) as severity_code, 'FAILED' as answer_code,
    cast(null as string) as reason_code, cast(1 as bigint) as answer_count
from late
union all
select
    'event_not_after_load' as rule_code, cast(null as string) as version_code, dataset_code, submission_key, cast(null as string) as sheet,
    cast(null as integer) as row_no, cast(null as string) as column_name, cast(null as string) as unit_key, cast(null as string) as severity_code,
    case when is_not_begun then 'NOT_ASKED' else 'PASSED' end as answer_code, case when is_not_begun then 'PERIOD_NOT_BEGUN' end as reason_code,
    answer_count
from counts
where answer_count > 0
