{{ config(meta={'dagster': {'ref': {'name': 'rpt_rating_summary'}}}) }}
-- The city's row holds every rating of record and everybody of the headcount.
with
city as (
    select period, rating_system_code, rated + not_rated + rated_outside_roster as row_count, population
    from {{ ref('rpt_rating_summary') }}
    where unit_type_code = 'CITY'
),

facts as (
    select period, rating_system_code, count(*) as row_count
    from {{ ref('whole_fct_ratings') }}
    where
        roster_answer_code <> 'OUTSIDE' or rating_system_code = 'LEADER' or decided_level_code <> 'NOT_RATED'
    group by period, rating_system_code
),

members as (
    select period, count(*) as population from {{ ref('fct_headcount') }} where is_member group by period
)

select f.period, f.rating_system_code, f.row_count
from facts as f
left join city as c on c.period = f.period and c.rating_system_code = f.rating_system_code
where c.row_count is null or c.row_count <> f.row_count
union all
select m.period, 'PARTY_MEMBER' as rating_system_code, m.population as row_count
from members as m
left join city as c on c.period = m.period and c.rating_system_code = 'PARTY_MEMBER'
where c.population <> m.population
