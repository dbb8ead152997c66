with
digits as (
    {% for digit in range(10) %}select {{ digit }} as n{% if not loop.last %} union all {% endif %}{% endfor %}
),

numbers as (
    select a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n as n
    from digits as a
    cross join digits as b
    cross join digits as c
    cross join digits as d
    cross join digits as e
    where e.n < 2
),

days as (
    select {{ add_days("date '1990-01-01'", 'n') }} as date_on, n % 7 + 1 as weekday_no -- 1 January 1990 was a Monday
    from numbers
    where n <= 16800
)

select
    date_on, cast(year(date_on) as integer) as year,
    cast(ceil(month(date_on) / 3.0) as integer) as quarter_no,
    concat(cast(year(date_on) as string), '-Q', cast(cast(ceil(month(date_on) / 3.0) as integer) as string)) as quarter,
    cast(month(date_on) as integer) as month_no, concat('Tháng ', cast(month(date_on) as string)) as month_name_vi,
    cast(day(date_on) as integer) as day_no, weekday_no,
    case weekday_no
        when 1 then 'Thứ Hai' when 2 then 'Thứ Ba' when 3 then 'Thứ Tư' when 4 then 'Thứ Năm'
        when 5 then 'Thứ Sáu' when 6 then 'Thứ Bảy' else 'Chủ Nhật'
    end as weekday_name_vi,
    date_on = last_day(date_on) as is_month_end
from days
where date_on <= date '2035-12-31'
