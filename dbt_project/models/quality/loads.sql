with
lines as (
    select load_id, cast(count(*) as bigint) as line_count, cast(count(distinct content_hash) as bigint) as content_count
    from {{ source('context', 'ledger') }}
    group by load_id
),

submissions as (
    select
        first_load_id as load_id, cast(count(*) as bigint) as submission_count,
        {{ count_where("verdict_code = 'REFUSED'") }} as refused_count
    from {{ ref('versions') }}
    group by first_load_id
)

select
    l.load_id, l.as_of, l.contract, l.registry_hash,
    coalesce(n.line_count, 0) as line_count, coalesce(n.content_count, 0) as content_count,
    coalesce(s.submission_count, 0) as submission_count, coalesce(s.refused_count, 0) as refused_count
from {{ source('context', 'loads') }} as l
left join lines as n on n.load_id = l.load_id
left join submissions as s on s.load_id = l.load_id
