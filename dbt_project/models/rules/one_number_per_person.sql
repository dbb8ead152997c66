-- A person who stands under two numbers is counted twice, so whoever names one of them is told: nobody can say which number is right.
-- Who shares a name and no more is another person, unless a number that no roster knows, or a fact told twice, says otherwise. What the city has
-- answered is not asked again.
with
names as (select * from {{ ref('identity_names') }} where full_name_letters_key is not null),

-- rosters of a year that know one name and birth day twice, perhaps under two numbers: to compare all numbers took as long as all the rest
born as (
    select year, full_name_letters_key, birth_date_key
    from names
    where dataset_code = 'personnel' and birth_date_key is not null
    group by year, full_name_letters_key, birth_date_key
    having count(*) > 1
),

-- numbers whose people stand on a roster without them
on_roster as (
    select distinct v.year, l.person_identity_key
    from {{ ref('linked_people') }} as l
    inner join {{ ref('versions') }} as v on v.submission_key = l.submission_key
    where l.dataset_code = 'personnel' and l.is_numbered_person
),

-- numbers in other lists that no roster of the year knows
unlisted as (
    select distinct n.year, n.identity_key, n.full_name_letters_key
    from names as n
    left join names as r on r.dataset_code = 'personnel' and r.year = n.year and r.identity_key = n.identity_key
    left join on_roster as o on o.year = n.year and o.person_identity_key = n.identity_key
    where n.dataset_code <> 'personnel' and r.identity_key is null and o.year is null
),

suspected as (
    select n.*, 'BORN' as suspicion
    from names as n
    inner join born as b
        on n.dataset_code = 'personnel' and b.year = n.year and b.full_name_letters_key = n.full_name_letters_key and b.birth_date_key = n.birth_date_key
    union all
    select n.*, 'UNLISTED' as suspicion
    from names as n
    inner join unlisted as u on u.year = n.year and u.identity_key = n.identity_key
    union all
    select n.*, 'ROSTERED' as suspicion
    from names as n
    inner join (select distinct year, full_name_letters_key from unlisted) as u
        on u.year = n.year and u.full_name_letters_key = n.full_name_letters_key
    where n.dataset_code = 'personnel'
),

placed as (
    select s.*, coalesce(c.base_unit_key, c.unit_key) as organisation_key
    from suspected as s
    inner join {{ ref('choices') }} as c on {{ same_row('c', 's') }}
),

-- facts that two lists of one sender tell of one name, each under a number that the other list does not hold
lists as (
    select
        submission_key, sender_code, dataset_code,
        case when dataset_code in ('personnel', 'ratings') then year end as own_year -- their facts are of one year
    from {{ ref('versions') }}
    where is_current
),

several as (
    select l.submission_key, l.sender_code, l.dataset_code, l.own_year
    from lists as l
    inner join (select sender_code, dataset_code, own_year from lists group by sender_code, dataset_code, own_year having count(*) > 1) as m
        on m.sender_code = l.sender_code and m.dataset_code = l.dataset_code and coalesce(m.own_year, 0) = coalesce(l.own_year, 0)
),

namesakes as (
    select s.sender_code, s.dataset_code, s.own_year, n.full_name_letters_key
    from names as n
    inner join several as s on s.submission_key = n.submission_key
    group by s.sender_code, s.dataset_code, s.own_year, n.full_name_letters_key
    having min(n.identity_key) <> max(n.identity_key)
),

claimed as (
    select n.*, s.sender_code, c.claim, i.person_key
    from names as n
    inner join several as s on s.submission_key = n.submission_key
    inner join namesakes as m
        on m.sender_code = s.sender_code and m.dataset_code = s.dataset_code and coalesce(m.own_year, 0) = coalesce(s.own_year, 0)
        and m.full_name_letters_key = n.full_name_letters_key
    inner join {{ ref('claims') }} as c on {{ same_row('c', 'n') }}
    inner join {{ ref('bridge_person_identity') }} as i on i.identity_key = n.identity_key
),

twice as (
    select one.submission_key, one.sheet, one.row_no, one.identity_key, other.submission_key as other_submission_key
    from claimed as one
    inner join claimed as other
        on other.sender_code = one.sender_code and other.dataset_code = one.dataset_code and other.claim = one.claim
        and {{ same_name('one', 'other') }}
        and other.submission_key <> one.submission_key and other.person_key <> one.person_key -- of joined numbers the fact is one
        and coalesce(one.birth_date_year_key = other.birth_date_year_key, true)
        and coalesce(one.birth_date_key = other.birth_date_key, true)
    -- both numbers in one of the two lists are two people
    left join claimed as own on own.submission_key = one.submission_key and own.identity_key = other.identity_key
    left join claimed as theirs on theirs.submission_key = other.submission_key and theirs.identity_key = one.identity_key
    left join {{ ref('forbidden_people') }} as f on f.one_key = one.identity_key and f.other_key = other.identity_key
    where own.identity_key is null and theirs.identity_key is null and f.one_key is null
),

answered as (
    select one_key, other_key from {{ ref('forbidden_people') }}
    union
    select a.identity_key as one_key, b.identity_key as other_key
    from {{ ref('known_as') }} as a
    inner join {{ ref('known_as') }} as b on b.root_key = a.root_key and b.is_confirmed and b.identity_key <> a.identity_key
    where a.is_confirmed
),

told as (
    select one.submission_key, one.sheet, one.row_no
    from placed as one
    inner join placed as other
        on other.year = one.year and other.organisation_key = one.organisation_key and other.identity_key <> one.identity_key
        and {{ same_name('one', 'other') }}
        and (
            (one.suspicion = 'BORN' and other.suspicion = 'BORN' and other.birth_date_key = one.birth_date_key)
            or (one.suspicion = 'UNLISTED' and other.suspicion = 'ROSTERED')
            or (one.suspicion = 'ROSTERED' and other.suspicion = 'UNLISTED')
        )
    left join answered as a on a.one_key = one.identity_key and a.other_key = other.identity_key
    where a.one_key is null
    union -- each row once
    select submission_key, sheet, row_no from twice
),

asked as (
    select
        n.dataset_code, n.submission_key, n.sheet, n.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when (n.submission_key, n.row_no, coalesce(n.sheet, '')) in (select submission_key, row_no, coalesce(sheet, '') from told) then 'FAILED'
            when n.full_name_letters_key is null then 'VALUE_UNKNOWN'
            else 'PASSED'
        end as answer
    from {{ ref('identity_names') }} as n
)

{{ answers('one_number_per_person', 'identity_number') }}
