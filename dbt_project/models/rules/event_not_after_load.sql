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
days as (
    {% for dataset, columns in events.items() %}{% set last = loop.last %}
    {% for column in columns %}
    select '{{ dataset }}' as dataset_code, submission_key, sheet, row_no, '{{ column }}' as happened, {{ column }} as happened_on
    from {{ source('landing', dataset) }}
    where {{ column }} is not null
    {% if not (last and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

asked as (
    select
        d.dataset_code, d.submission_key, d.sheet, d.row_no, d.happened, cast(null as string) as unit_key,
        cast(null as string) as severity_code,
        case
            when v.period_from > v.first_received_as_of then 'PERIOD_NOT_BEGUN' -- a period that has not begun: its folder is in doubt, not each day
            when d.happened_on > v.first_received_as_of then 'FAILED'
            else 'PASSED'
        end as answer
    from days as d
    inner join {{ ref('versions') }} as v on v.submission_key = d.submission_key and v.is_current
)

{{ answers('event_not_after_load', column_of='happened') }}
