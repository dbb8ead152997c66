-- What became of each line of `registry/identities` that has a day.
with
sides as (select side_key, sum(row_count) as row_count, max(group_key) as group_key from {{ ref('confirmed_sides') }} group by side_key),

problems as (select group_key, max(problem_code) as problem_code from {{ ref('confirmed_people') }} group by group_key),

bears as (
    {% for whole in ['side_key', 'group_key'] -%}
    select {{ whole }} as whole_key, identity_key from {{ ref('confirmed_sides') }} where row_count > 0 and {{ whole }} is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

-- somebody of a list who is both, by what its rows say and by all that the city says is one with either
said_both as (
    select distinct i.one_side_key, i.other_side_key
    from {{ source('context', 'identities') }} as i
    inner join sides as a on a.side_key = i.one_side_key
    inner join sides as b on b.side_key = i.other_side_key
    inner join bears as p on p.whole_key = case when a.group_key = b.group_key then a.side_key else coalesce(a.group_key, a.side_key) end
    inner join bears as q
        on q.whole_key = case when a.group_key = b.group_key then b.side_key else coalesce(b.group_key, b.side_key) end
        and q.identity_key = p.identity_key
    where i.identity_relation_code = 'NOT_SAME'
)

select
    i.sheet_no, i.row_no, i.identity_relation_code, i.one_side_code, i.other_side_code, i.confirmed_on,
    cast(a.row_count as bigint) as one_row_count, cast(b.row_count as bigint) as other_row_count,
    case
        when a.row_count = 0 and b.row_count = 0 then 'NOBODY_FOUND'
        when i.identity_relation_code = 'SAME' and p.problem_code is not null then p.problem_code
        when s.one_side_key is not null then 'ROW_SAYS_BOTH'
        when a.row_count = 0 or b.row_count = 0 then 'ONE_FOUND'
        else 'HOLDS'
    end as identity_outcome_code
from {{ source('context', 'identities') }} as i
inner join sides as a on a.side_key = i.one_side_key
inner join sides as b on b.side_key = i.other_side_key
left join problems as p on p.group_key = a.group_key
left join said_both as s on s.one_side_key = i.one_side_key and s.other_side_key = i.other_side_key
