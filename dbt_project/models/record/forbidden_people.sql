-- Who is not one person, as the city confirmed: each of one side, and of all that it says is one with it, and each of the other. Where lists join both
-- sides by what the city says is one, of the two sides alone. A row that says both is of the one that the city names by its number, else of neither.
with
wholes as (select distinct side_key, coalesce(group_key, side_key) as whole_key from {{ ref('confirmed_sides') }}),

told as (
    select
        case when a.whole_key = b.whole_key then a.side_key else a.whole_key end as one_whole_key,
        case when a.whole_key = b.whole_key then b.side_key else b.whole_key end as other_whole_key
    from {{ source('context', 'identities') }} as i
    inner join wholes as a on a.side_key = i.one_side_key
    inner join wholes as b on b.side_key = i.other_side_key
    where i.identity_relation_code = 'NOT_SAME'
),

people as (
    {% for whole in ['side_key', 'group_key'] -%}
    select {{ whole }} as whole_key, identity_key, max(case when is_named then 1 else 0 end) as is_named
    from {{ ref('confirmed_sides') }}
    where {{ whole }} is not null and identity_key is not null and not is_denied
    group by {{ whole }}, identity_key
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

pairs as (
    select p.identity_key as one_key, q.identity_key as other_key
    from told as t
    inner join people as p on p.whole_key = t.one_whole_key
    inner join people as q on q.whole_key = t.other_whole_key and q.identity_key <> p.identity_key
    left join people as p_there on p_there.whole_key = t.other_whole_key and p_there.identity_key = p.identity_key
    left join people as q_there on q_there.whole_key = t.one_whole_key and q_there.identity_key = q.identity_key
    where p.is_named > coalesce(p_there.is_named, -1) and q.is_named > coalesce(q_there.is_named, -1)
)

select one_key, other_key from pairs
union
select other_key as one_key, one_key as other_key from pairs
