{{ config(meta={'dagster': {'ref': {'name': 'whole_not_of_record'}}}) }}
-- Law 6: every accepted row of a current submission is a fact or stands in not_of_record.
with
kept as (
    {% for dataset in datasets() %}
    select '{{ dataset }}' as dataset_code, count(*) as row_count from {{ ref('whole_fct_' ~ dataset) }}
    union all
    {% endfor %}
    select dataset_code, count(*) as row_count from {{ ref('whole_not_of_record') }} group by dataset_code
),

accepted as (
    select dataset_code, sum(rows_accepted) as row_count from {{ ref('whole_submissions') }} where is_current group by dataset_code
)

select k.dataset_code, sum(k.row_count) as kept_count, max(coalesce(a.row_count, 0)) as accepted_count
from kept as k
left join accepted as a on a.dataset_code = k.dataset_code
group by k.dataset_code
having sum(k.row_count) <> max(coalesce(a.row_count, 0))
