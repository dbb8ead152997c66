-- Two numbers of one person: a number that was mended in a later list, or an old card's beside the new one's. Joined only where nothing
-- speaks against it: one sender's rosters know one name and one birth day under these two numbers and no third, no list of anybody holds both,
-- nor do the rosters that two senders sent of one year, neither number stands with another name or birth date anywhere, and what rosters say of
-- both is what one person can be. What the city confirmed of either goes before (known_as).
with
rostered as (
    select n.submission_key, n.identity_key, n.full_name_letters_key, n.full_name_key, n.birth_date_key, v.sender_code, v.record_rank
    from {{ ref('identity_names') }} as n
    inner join {{ ref('versions') }} as v on v.submission_key = n.submission_key
    where n.dataset_code = 'personnel' and n.birth_date_key is not null and n.full_name_letters_key is not null
),

-- few: only of those is it asked which numbers
shared as (
    select sender_code, full_name_letters_key, birth_date_key
    from (select distinct sender_code, full_name_letters_key, birth_date_key, identity_key from rostered) as numbered
    group by sender_code, full_name_letters_key, birth_date_key
    having count(*) > 1
),

pairs as (
    select r.sender_code, r.full_name_letters_key, r.birth_date_key, min(r.identity_key) as one_key, max(r.identity_key) as other_key
    from rostered as r
    inner join shared as s
        on s.sender_code = r.sender_code and s.full_name_letters_key = r.full_name_letters_key and s.birth_date_key = r.birth_date_key
    group by r.sender_code, r.full_name_letters_key, r.birth_date_key
    having coalesce(min(r.full_name_key) = max(r.full_name_key), true)
),

numbers as (
    select one_key, other_key, one_key as identity_key from pairs
    union
    select one_key, other_key, other_key as identity_key from pairs
),

doubted as (
    select p.one_key, p.other_key -- a third number
    from pairs as p
    inner join rostered as r
        on r.sender_code = p.sender_code and r.full_name_letters_key = p.full_name_letters_key and r.birth_date_key = p.birth_date_key
    where r.identity_key <> p.one_key and r.identity_key <> p.other_key
    union
    select n.one_key, n.other_key -- both in one list
    from numbers as n
    inner join {{ ref('identity_names') }} as r on r.identity_key = n.identity_key
    group by n.one_key, n.other_key, r.submission_key
    having min(r.identity_key) <> max(r.identity_key)
    union
    select n.one_key, n.other_key -- both in rosters that two senders sent of one year
    from numbers as n
    inner join {{ ref('identity_names') }} as r on r.identity_key = n.identity_key and r.dataset_code = 'personnel'
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    group by n.one_key, n.other_key, r.year
    having min(r.identity_key) <> max(r.identity_key) and min(v.sender_code) <> max(v.sender_code)
    union
    select n.one_key, n.other_key -- a man and a woman, admitted on two days, or alive after a death
    from numbers as n
    inner join {{ source('landing', 'personnel') }} as r on r.identity_key = n.identity_key
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key and v.is_current
    group by n.one_key, n.other_key
    having
        min(r.sex_code) <> max(r.sex_code)
        or min(case when r.party_joined_on_precision_code = 'DAY' then r.party_joined_on end)
        <> max(case when r.party_joined_on_precision_code = 'DAY' then r.party_joined_on end)
        or min(case when r.leaving_reason_code = 'DIED' then v.year end) < max(v.year)
    union
    select n.one_key, n.other_key -- a number of somebody else, too
    from numbers as n
    inner join {{ ref('identity_conflicts') }} as c on c.identity_key = n.identity_key
    union
    select n.one_key, n.other_key -- a number in two pairs
    from numbers as n
    inner join (select identity_key from numbers group by identity_key having count(*) > 1) as m on m.identity_key = n.identity_key
    union
    select p.one_key, p.other_key -- the city keeps them apart
    from pairs as p
    inner join {{ ref('forbidden_people') }} as f on f.one_key = p.one_key and f.other_key = p.other_key
    union
    select n.one_key, n.other_key -- or says of both who they are, and not that they are one
    from numbers as n
    inner join {{ ref('confirmed_sides') }} as s on s.identity_key = n.identity_key and s.group_key is not null and not s.is_denied
    group by n.one_key, n.other_key
    having min(s.group_key) <> max(s.group_key)
),

sure as (
    select n.one_key, n.other_key, n.identity_key
    from numbers as n
    left join doubted as d on d.one_key = n.one_key and d.other_key = n.other_key
    where d.one_key is null
),

-- the number that the first of the records says
ranked as (
    select
        s.one_key, s.other_key, s.identity_key,
        row_number() over (
            partition by s.one_key, s.other_key order by min(r.record_rank) asc nulls last, s.identity_key asc nulls last
        ) as record_first
    from sure as s
    inner join rostered as r on r.identity_key = s.identity_key
    group by s.one_key, s.other_key, s.identity_key
)

select other.identity_key, first.identity_key as joined_identity_key
from ranked as other
inner join ranked as first on first.one_key = other.one_key and first.other_key = other.other_key and first.record_first = 1
where other.record_first = 2
