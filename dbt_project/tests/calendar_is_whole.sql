-- 46 years from 1 January 1990, every day named by its own weekday.
select days.day_count
from (
    select
        count(*) as day_count, min(date_on) as first_day, max(date_on) as last_day,
        max(case when date_on = date '2021-12-31' then weekday_name_vi end) as weekday_name_vi,
        max(case when date_on = date '2021-12-31' then quarter end) as quarter
    from {{ ref('dim_date') }}
) as days
where not (
    day_count = 16801 and first_day = date '1990-01-01' and last_day = date '2035-12-31'
    and weekday_name_vi = 'Thứ Sáu' and quarter = '2021-Q4'
)
