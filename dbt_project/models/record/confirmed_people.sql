-- Whom the city says to be one person: under which number each of a group is known, or, where none of them has a number, under the group's own key; and
-- why a group is not believed: somebody of it stands under several names or numbers, one list holds two of it at one time, or lists join in it
-- whom the city keeps apart. Numbers that are joined anyhow come along.
with
sides as (
    select * from {{ ref('confirmed_sides') }} where group_key is not null and identity_key is not null and not is_denied
),

found as (select group_key, min(side_key) <> max(side_key) as is_several from sides group by group_key),

members as (
    select s.group_key, s.identity_key, s.is_numbered
    from sides as s
    inner join found as f on f.group_key = s.group_key and f.is_several
    {% for own, joined in [('identity_key', 'joined_identity_key'), ('joined_identity_key', 'identity_key')] -%}
    union
    select s.group_key, j.{{ joined }} as identity_key, true as is_numbered
    from sides as s
    inner join found as f on f.group_key = s.group_key and f.is_several
    inner join {{ ref('joined_numbers') }} as j on j.{{ own }} = s.identity_key
    {% endfor %}
),

named as (
    select distinct s.group_key, coalesce(j.joined_identity_key, s.identity_key) as person_key
    from sides as s
    left join {{ ref('joined_numbers') }} as j on j.identity_key = s.identity_key
    where s.is_named
),

-- a card, a staff number or a name that stands with several names, or with several numbers that the city does not name
doubtful as (
    select s.group_key
    from sides as s
    left join {{ ref('joined_numbers') }} as j on j.identity_key = s.identity_key
    left join named as n on n.group_key = s.group_key and n.person_key = coalesce(j.joined_identity_key, s.identity_key)
    where not s.is_named
    group by s.group_key, s.side_key
    having
        min(s.lowest_name_key) <> max(s.highest_name_key)
        or count(distinct case
            when n.group_key is not null then 'named' when s.is_numbered then coalesce(j.joined_identity_key, s.identity_key)
        end) > 1
    union
    -- or whose name nobody else of the group bears
    select s.group_key
    from sides as s
    inner join sides as o on o.group_key = s.group_key and o.side_key <> s.side_key and o.lowest_name_key is not null
    where s.side_code in ('PARTY_CARD', 'STAFF_NUMBER')
    group by s.group_key, s.side_key
    having max(case when o.lowest_name_key = s.lowest_name_key or o.highest_name_key = s.lowest_name_key then 1 else 0 end) = 0
    union
    select m.group_key
    from members as m
    inner join members as o on o.identity_key = m.identity_key and o.group_key <> m.group_key
),

stands as (
    select
        m.group_key, m.identity_key, c.dataset_code, c.submission_key, c.claim,
        case when s.submission_key is not null then coalesce(s.spell_from, date '0001-01-01') end as spell_from, {{ end_of('s.spell_to') }} as spell_to
    from members as m
    inner join {{ ref('claims') }} as c on c.identity_key = m.identity_key
    left join {{ source('landing', 'personnel') }} as s on {{ same_row('s', 'c', only_where="c.dataset_code = 'personnel'") }} and {{ is_primary('s') }}
),

problems as (
    select group_key, 'A' as problem from doubtful
    union all
    select distinct a.group_key, 'B' as problem
    from stands as a
    inner join stands as b
        on b.group_key = a.group_key and b.submission_key = a.submission_key and b.dataset_code = a.dataset_code and b.identity_key <> a.identity_key
        and ((a.dataset_code <> 'personnel' and b.claim = a.claim) or (a.spell_from < b.spell_to and b.spell_from < a.spell_to))
    union all
    select distinct a.group_key, 'C' as problem
    from members as a
    inner join members as b on b.group_key = a.group_key
    inner join {{ ref('forbidden_people') }} as f on f.one_key = a.identity_key and f.other_key = b.identity_key
),

-- the number that the first of the records says
ranked as (
    select
        m.group_key, m.identity_key,
        row_number() over (
            partition by m.group_key
            order by
                min(case when n.dataset_code = 'personnel' then v.record_rank end) asc nulls last, min(v.record_rank) asc nulls last,
                m.identity_key asc nulls last
        ) as record_first
    from members as m
    left join {{ ref('identity_names') }} as n on n.identity_key = m.identity_key
    left join {{ ref('versions') }} as v on v.submission_key = n.submission_key
    where m.is_numbered
    group by m.group_key, m.identity_key
)

select
    m.group_key, m.identity_key, coalesce(r.identity_key, m.group_key) as root_key, r.identity_key is not null as is_number,
    case p.problem when 'A' then 'SEVERAL_FIT' when 'B' then 'TWO_IN_ONE_LIST' when 'C' then 'KEPT_APART' end as problem_code
from members as m
left join ranked as r on r.group_key = m.group_key and r.record_first = 1
left join (select group_key, min(problem) as problem from problems group by group_key) as p on p.group_key = m.group_key
