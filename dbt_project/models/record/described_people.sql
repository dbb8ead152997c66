-- Who a description is: somebody with a number, or who is described more fully, where exactly one fits and nothing contradicts; else a person of
-- its own. What fits best decides (a Party card before a staff number, a birth day, a year of birth, a joining day); a name alone never does.
-- Where several fit, nobody knows.
with
descriptions as (
    select distinct
        description_key, organisation_key, full_name_letters_key, full_name_key, birth_date_year_key, birth_date_key, party_card_key, staff_key,
        sex_code, joined_on, strength
    from {{ ref('unnumbered') }}
    where description_key is not null
),

names as (select distinct organisation_key, full_name_letters_key from descriptions),

-- whoever bears one of these names there
numbered as (
    select distinct
        coalesce(j.joined_identity_key, r.identity_key) as target_key, n.organisation_key, r.full_name_letters_key, r.full_name_key,
        r.birth_date_year_key, r.number_year_key, r.birth_date_key, r.party_card_key, r.staff_key, r.sex_code, r.joined_on,
        o.identity_key is not null as is_contested
    from {{ ref('landed_people') }} as r
    inner join {{ ref('claims') }} as c on {{ same_row('c', 'r') }}
    inner join {{ ref('places') }} as p
        on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
        and p.fact_on = c.fact_on and p.may_end_from = c.may_end_from and p.reason_code is null
    inner join names as n
        on n.organisation_key = coalesce(p.base_unit_key, p.unit_key) and n.full_name_letters_key = r.full_name_letters_key
    left join {{ ref('joined_numbers') }} as j on j.identity_key = r.identity_key
    left join (select distinct identity_key from {{ ref('identity_conflicts') }} where is_other_name) as o on o.identity_key = r.identity_key
    where r.is_numbered
),

targets as (
    select
        target_key, true as is_number, is_contested, 1000 as strength, organisation_key, full_name_letters_key, full_name_key, birth_date_year_key,
        number_year_key, birth_date_key, party_card_key, staff_key, sex_code, joined_on
    from numbered
    union all
    select
        description_key as target_key, false as is_number, false as is_contested, strength, organisation_key, full_name_letters_key,
        full_name_key, birth_date_year_key,
        cast(null as bigint) as number_year_key, birth_date_key, party_card_key, staff_key, sex_code, joined_on
    from descriptions
),

held as (
    select
        d.description_key, t.target_key, t.is_number,
        min(case
            when d.party_card_key = t.party_card_key then 1
            when d.staff_key = t.staff_key then 2
            when d.birth_date_key = t.birth_date_key then 3
            when d.birth_date_year_key = t.birth_date_year_key or d.birth_date_year_key = t.number_year_key then 4
            when d.joined_on = t.joined_on then 5
        end) as proof,
        max(case
            when
                d.full_name_key <> t.full_name_key or d.birth_date_key <> t.birth_date_key or d.birth_date_year_key <> t.birth_date_year_key
                or d.birth_date_year_key <> t.number_year_key or d.sex_code <> t.sex_code or d.joined_on <> t.joined_on
                or t.is_contested
                then 1
            else 0
        end) as is_contradicted
    from descriptions as d
    inner join targets as t
        on t.organisation_key = d.organisation_key and t.full_name_letters_key = d.full_name_letters_key
        and t.strength > d.strength and t.target_key <> d.description_key
    group by d.description_key, t.target_key, t.is_number
),

fits as (
    select f.description_key, f.target_key, f.is_number, f.proof
    from held as f
    inner join (
        select description_key, min(proof) as proof from held where is_contradicted = 0 group by description_key
    ) as best on best.description_key = f.description_key and best.proof = f.proof
    where f.is_contradicted = 0
),

-- one fits
single as (
    select description_key, min(target_key) as target_key, min(proof) as proof
    from fits
    group by description_key
    having count(*) = 1
),

-- and who that is in turn: whoever says less is found through those who say more
roots as (
    select s.description_key, coalesce(third.target_key, second.target_key, s.target_key) as root_key
    from single as s
    left join single as second on second.description_key = s.target_key
    left join single as third on third.description_key = second.target_key
),

-- several fit, and are one
agreed as (
    select f.description_key, min(coalesce(r.root_key, f.target_key)) as root_key, count(distinct coalesce(r.root_key, f.target_key)) as root_count
    from fits as f
    left join roots as r on r.description_key = f.target_key
    left join single as s on s.description_key = f.description_key
    where s.description_key is null
    group by f.description_key
),

found as (
    select
        d.description_key, coalesce(a.root_count > 1, false) or coalesce(beyond.root_count > 1, false) as is_several,
        coalesce(beyond.root_key, r.root_key, a.root_key, d.description_key) as root_key
    from descriptions as d
    left join roots as r on r.description_key = d.description_key
    left join agreed as a on a.description_key = d.description_key
    left join agreed as beyond on beyond.description_key = r.root_key -- what one fits may itself fit several
)

select
    f.description_key, case when not f.is_several then f.root_key end as root_key,
    n.target_key is not null and not f.is_several as is_number, f.is_several,
    case coalesce(
        p.proof,
        case
            when d.party_card_key is not null then 1
            when d.staff_key is not null then 2
            when d.birth_date_key is not null then 3
            when d.birth_date_year_key is not null then 4
            else 5
        end
    )
        when 1 then 'PARTY_CARD'
        when 2 then 'STAFF_NUMBER'
        when 3 then 'BIRTH_DAY'
        when 4 then 'BIRTH_YEAR'
        else 'JOINING_DAY'
    end as identity_proof_code
from found as f
inner join descriptions as d on d.description_key = f.description_key
left join (select description_key, min(proof) as proof from fits group by description_key) as p on p.description_key = f.description_key
left join (select distinct target_key from numbered) as n on n.target_key = f.root_key
