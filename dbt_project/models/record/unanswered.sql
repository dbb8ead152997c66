-- Base organisations that stood on the year's last day and for which nobody answered, by every unit that they lie in. A unit above them
-- answers for all below it where the calendar asks it for the dataset; else it speaks only of those whose rows it sends.
with
answers as (
    select dataset_code, year, unit_key from {{ ref('answered') }} where is_own
    union
    select v.dataset_code, v.year, b.unit_key
    from {{ ref('versions') }} as v
    inner join {{ source('context', 'periods') }} as y on y.period_type_code = 'YEAR' and y.year = v.year
    inner join {{ source('context', 'calendar') }} as c on c.dataset_code = v.dataset_code and substring(c.period, 1, 4) = cast(v.year as string)
    inner join {{ ref('bridge_unit_ancestor') }} as b
        on b.ancestor_unit_key = v.sender_unit_key and b.ancestor_unit_type_code = c.unit_type_code
        and b.valid_from <= y.period_to and {{ end_of('b.valid_to') }} >= y.period_from
    where v.is_current
)

select asked.dataset_code, asked.year, b.ancestor_unit_key as unit_key, cast(count(distinct u.unit_key) as bigint) as units_without_answer
from (select distinct dataset_code, year from {{ ref('answered') }}) as asked
inner join {{ source('context', 'periods') }} as y on y.period_type_code = 'YEAR' and y.year = asked.year
inner join {{ ref('dim_unit') }} as u on u.base_unit_key = u.unit_key and {{ is_open_on('y.period_to', 'u.valid_from', 'u.valid_to') }}
{{ ancestors_on('u', 'y.period_to') }}
left join answers as a on a.dataset_code = asked.dataset_code and a.year = asked.year and a.unit_key = u.unit_key
where a.unit_key is null
group by asked.dataset_code, asked.year, b.ancestor_unit_key
