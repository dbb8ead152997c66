-- Who a description is: what rows without a number say of their person, in one organisation under one name. All who bear the name there may be
-- meant (with a number, described in other words, or by the name alone), but for those who cannot be one with it. If all of them can be one
-- another, it is whoever of them a proof joins it to; if two of them cannot, nobody knows which is meant, unless a Party card or a staff number says so.
-- So nobody is ever joined to two who cannot be one. Whom the city keeps apart cannot be one; what it says to be one contradicts only in what none of
-- it says as the other does: two cards, two names are why the city was asked. A sex, and a day of joining, that differ are a slip where a Party card or a
-- staff number is the same; a sex also where both the day of birth and that of joining are: namesakes do not share all of that.
{% set alike = 'a.party_card_key = b.party_card_key or a.staff_key = b.staff_key' -%}
{% set with_both_days = ' or (a.birth_date_key = b.birth_date_key and a.joined_on = b.joined_on)' -%}
with
crowds as (
    select organisation_key, full_name_letters_key, count(distinct node_key) > 60 as is_too_large -- pairs of pairs are looked at
    from {{ ref('namesakes') }}
    group by organisation_key, full_name_letters_key
),

rows_of as (
    select n.*
    from {{ ref('namesakes') }} as n
    inner join crowds as c
        on c.organisation_key = n.organisation_key and c.full_name_letters_key = n.full_name_letters_key and not c.is_too_large
),

nodes as (
    select distinct
        node_key, is_numbered, is_described, is_contested, is_confirmed, organisation_key, full_name_letters_key, full_name_key, birth_date_key, party_card_key,
        staff_key, joined_on,
        -- what a number says, where nobody wrote it
        coalesce(
            birth_date_year_key, case when max(birth_date_year_key) over (partition by node_key) is null then number_year_key end
        ) as birth_date_year_key,
        coalesce(sex_code, case when max(sex_code) over (partition by node_key) is null then number_sex_code end) as sex_code
    from rows_of
),

-- one list tells one fact of both, or spells of one time; lists of two units that are known do; one had died before the other's year
apart as (
    select distinct a.node_key as one_key, b.node_key as other_key
    from rows_of as a
    inner join rows_of as b
        on b.organisation_key = a.organisation_key and b.full_name_letters_key = a.full_name_letters_key and b.dataset_code = a.dataset_code
        and not (a.is_numbered and b.node_key = a.node_key) -- a number is one person, however often it stands
        and (
            (
                b.submission_key = a.submission_key and (b.row_no <> a.row_no or coalesce(b.sheet, '') <> coalesce(a.sheet, ''))
                and (
                    (a.dataset_code <> 'personnel' and b.claim = a.claim)
                    or (a.spell_from < b.spell_to and b.spell_from < a.spell_to)
                )
            )
            or (
                b.sender_code <> a.sender_code and b.unit_key <> a.unit_key and not a.is_unit_assumed and not b.is_unit_assumed and b.year = a.year
                and a.spell_from < b.spell_to and b.spell_from < a.spell_to
            )
            or (a.is_dead and b.year > a.year)
            or (b.is_dead and a.year > b.year)
        )
),

pairs as (
    select
        a.node_key as one_key, b.node_key as other_key, b.is_numbered as is_number,
        min(case
            when a.party_card_key = b.party_card_key then 'A'
            when a.staff_key = b.staff_key then 'B'
            when a.birth_date_key = b.birth_date_key then 'C'
            when a.birth_date_year_key = b.birth_date_year_key then 'D'
            when a.joined_on = b.joined_on then 'E'
        end) as proof,
        max(case when a.is_contested or b.is_contested or (a.is_numbered and b.is_numbered) then 1 else 0 end) = 1
        {% for said in ['full_name_key', 'birth_date_key', 'birth_date_year_key', 'sex_code', 'joined_on', 'party_card_key', 'staff_key'] -%}
        or (
            max(case when a.{{ said }} <> b.{{ said }} then 1 else 0 end) = 1
            and max(case when (a.is_confirmed or b.is_confirmed) and a.{{ said }} = b.{{ said }} then 1 else 0 end) = 0
            {%- if said in ['sex_code', 'joined_on'] %}
            and max(case when {{ alike }}{{ with_both_days if said == 'sex_code' }} then 1 else 0 end) = 0
            {%- endif %}
        )
        {% endfor %} as is_contradicted
    from nodes as a
    inner join nodes as b
        on b.organisation_key = a.organisation_key and b.full_name_letters_key = a.full_name_letters_key and b.node_key <> a.node_key
    group by a.node_key, b.node_key, b.is_numbered
),

places as (select distinct identity_key, node_key from rows_of),

-- in any organisation
forbidden as (
    select distinct coalesce(a.node_key, j.root_key, f.one_key) as one_key, coalesce(b.node_key, k.root_key, f.other_key) as other_key
    from {{ ref('forbidden_people') }} as f
    left join places as a on a.identity_key = f.one_key
    left join places as b on b.identity_key = f.other_key
    left join {{ ref('known_as') }} as j on j.identity_key = f.one_key
    left join {{ ref('known_as') }} as k on k.identity_key = f.other_key
),

cannot_be_one as (
    select one_key, other_key from pairs where is_contradicted
    union
    select one_key, other_key from apart
    union
    select one_key, other_key from forbidden
),

may_be as (
    select p.one_key, p.other_key, p.is_number, p.proof
    from pairs as p
    left join apart as a on a.one_key = p.one_key and a.other_key = p.other_key
    left join forbidden as f on f.one_key = p.one_key and f.other_key = p.other_key
    where not p.is_contradicted and a.one_key is null and f.one_key is null
),

-- said twice of one list, or beside whoever says the same there
in_one_list as (
    select distinct p.one_key as node_key
    from pairs as p
    inner join apart as a on a.one_key = p.one_key and a.other_key = p.other_key
    where not p.is_contradicted and p.proof is not null
    union
    select one_key as node_key from apart where one_key = other_key
),

torn as (
    select m.one_key as node_key
    from may_be as m
    inner join may_be as n on n.one_key = m.one_key
    inner join cannot_be_one as c on c.one_key = m.other_key and c.other_key = n.other_key
    union
    select m.one_key as node_key -- whom the city says to be one may bear two names, or be in two organisations
    from may_be as m
    inner join may_be as n on n.one_key = m.one_key and n.is_number and n.other_key <> m.other_key
    where m.is_number
    union
    select node_key from in_one_list
),

-- who may be a number of which nobody knows who it is, may be it or not
unclear as (
    select node_key from torn
    union
    select m.one_key as node_key
    from may_be as m
    inner join torn as t on t.node_key = m.other_key
    where m.is_number and m.proof is not null
),

-- what a card or a number of the employer says goes before all others: whoever bears the same can be one
marked as (
    select m.one_key, min(m.other_key) as root_key, min(m.proof) as proof
    from may_be as m
    inner join unclear as u on u.node_key = m.one_key
    left join apart as a on a.one_key = m.one_key and a.other_key = m.one_key
    where m.is_number and m.proof in ('A', 'B') and a.one_key is null
    group by m.one_key
    having count(*) = 1
),

clear as (
    select m.one_key, m.other_key, m.is_number, m.proof
    from may_be as m
    left join unclear as u on u.node_key = m.one_key
    left join unclear as o on o.node_key = m.other_key
    where m.proof is not null and u.node_key is null and o.node_key is null
),

descriptions as (
    select
        node_key, min(party_card_key) as party_card_key, min(staff_key) as staff_key, min(birth_date_key) as birth_date_key,
        min(birth_date_year_key) as birth_date_year_key
    from nodes
    where is_described
    group by node_key
),

-- whose number it is; else the first of the descriptions stands for all: what one of them knows, the others learn
{% set steps = ['first', 'second', 'third'] %}
{% for step in steps %}
{{ step }} as (
    select
        d.node_key,
        {% if loop.first -%}
        coalesce(min(case when c.is_number then c.other_key end), least(d.node_key, min(c.other_key)), d.node_key) as root_key,
        max(case when c.is_number then 1 else 0 end) = 1 as is_number
        {%- else -%}
        case
            when max(case when d.is_number then 1 else 0 end) = 1 then max(d.root_key)
            else coalesce(min(case when s.is_number then s.root_key end), least(max(d.root_key), min(s.root_key)), max(d.root_key))
        end as root_key,
        max(case when d.is_number or s.is_number then 1 else 0 end) = 1 as is_number
        {%- endif %}
    from {{ 'descriptions' if loop.first else steps[loop.index0 - 1] }} as d
    left join clear as c on c.one_key = d.node_key
    {%- if not loop.first %}
    left join {{ steps[loop.index0 - 1] }} as s on s.node_key = c.other_key
    {%- endif %}
    group by d.node_key
),

{% endfor %}
-- who would be linked, did the city not say that it is another
kept_apart as (
    select distinct p.one_key, 'F' as proof
    from pairs as p
    inner join forbidden as f on f.one_key = p.one_key and f.other_key = p.other_key
    where p.proof is not null and not p.is_contradicted
),

found as (
    select
        d.node_key, case when u.node_key is null then r.root_key else m.root_key end as root_key,
        case when u.node_key is null then r.is_number else m.one_key is not null end as is_number,
        coalesce(m.proof, p.proof, o.proof) as proof, i.node_key is not null as is_in_one_list
    from descriptions as d
    inner join third as r on r.node_key = d.node_key
    left join unclear as u on u.node_key = d.node_key
    left join marked as m on m.one_key = d.node_key
    left join in_one_list as i on i.node_key = d.node_key
    left join (select one_key, min(proof) as proof from clear group by one_key) as p on p.one_key = d.node_key
    left join kept_apart as o on o.one_key = d.node_key
),

-- a card that two bear who cannot be one says nothing
clashing as (
    select distinct a.root_key
    from found as a
    inner join found as b on b.root_key = a.root_key
    inner join cannot_be_one as c on c.one_key = a.node_key and c.other_key = b.node_key
)

select
    d.node_key as description_key, case when c.root_key is null then f.root_key end as root_key, f.is_number and c.root_key is null as is_number,
    case
        when f.root_key is not null and c.root_key is null then null
        when f.is_in_one_list then 'TWO_IN_ONE_LIST'
        else 'SEVERAL_FIT'
    end as unlinked_reason_code,
    case coalesce(
        f.proof,
        case
            when d.party_card_key is not null then 'A'
            when d.staff_key is not null then 'B'
            when d.birth_date_key is not null then 'C'
            when d.birth_date_year_key is not null then 'D'
            else 'E'
        end
    )
        when 'A' then 'PARTY_CARD'
        when 'B' then 'STAFF_NUMBER'
        when 'C' then 'BIRTH_DAY'
        when 'D' then 'BIRTH_YEAR'
        when 'F' then 'FORBIDDEN'
        else 'JOINING_DAY'
    end as identity_proof_code
from descriptions as d
inner join found as f on f.node_key = d.node_key
left join clashing as c on c.root_key = f.root_key
