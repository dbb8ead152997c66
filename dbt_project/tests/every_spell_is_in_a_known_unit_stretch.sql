{{ config(meta={'dagster': {'ref': {'name': 'whole_fct_personnel'}}}) }}
-- The headcount finds a spell's unit by its stretch: a spell without one would be lost there in silence.
select s.unit_version_key
from (select distinct unit_version_key from {{ ref('whole_fct_personnel') }}) as s
left join {{ ref('dim_unit') }} as u on u.unit_version_key = s.unit_version_key
where u.unit_version_key is null
