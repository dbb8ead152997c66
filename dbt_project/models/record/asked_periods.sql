-- The periods that reports speak of: those of current ratings and rosters, and of the ratings in them.
with
named as (
    select period from {{ ref('versions') }} where is_current and dataset_code in ('ratings', 'personnel')
    union
    select period from {{ ref('choices') }} where dataset_code = 'ratings' and is_of_record
)

select p.period, p.period_type_code, p.year, p.period_from, p.period_to
from {{ source('context', 'periods') }} as p
inner join named as n on n.period = p.period
