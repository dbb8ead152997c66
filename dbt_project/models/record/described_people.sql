-- Who a description is. Whoever bears the name in the organisation may be meant, with a number or described in other words, if a proof says so
-- (a Party card, else a staff number, else a birth day or year or a joining day) and nothing contradicts. If all of these may be one another, they
-- are one person. If two of them cannot be, since what is said of them differs, both have a number, or one list tells the same fact of both,
-- nobody knows which of them is meant.
with
descriptions as (
    select distinct
        description_key, organisation_key, full_name_letters_key, full_name_key, birth_date_year_key, birth_date_key, party_card_key, staff_key,
        sex_code, joined_on
    from {{ ref('unnumbered') }}
    where description_key is not null
),

names as (select distinct organisation_key, full_name_letters_key from descriptions),

numbered as (
    select
        c.dataset_code, c.submission_key, c.sheet, c.row_no, c.claim, coalesce(j.joined_identity_key, r.identity_key) as node_key,
        n.organisation_key, r.full_name_letters_key, r.full_name_key, r.birth_date_year_key, r.number_year_key, r.birth_date_key,
        r.party_card_key, r.staff_key, r.sex_code, r.number_sex_code, r.joined_on, o.identity_key is not null as is_contested
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

nodes as (
    select distinct
        node_key, true as is_number, is_contested, organisation_key, full_name_letters_key, full_name_key,
        -- what a number says, where nobody wrote it
        coalesce(
            birth_date_year_key, case when max(birth_date_year_key) over (partition by node_key) is null then number_year_key end
        ) as birth_date_year_key,
        birth_date_key, party_card_key, staff_key,
        coalesce(sex_code, case when max(sex_code) over (partition by node_key) is null then number_sex_code end) as sex_code, joined_on
    from numbered
    union all
    select
        description_key as node_key, false as is_number, false as is_contested, organisation_key, full_name_letters_key, full_name_key,
        birth_date_year_key, birth_date_key, party_card_key, staff_key, sex_code, joined_on
    from descriptions
),

-- what each list states of whom: a fact, or a spell
stated as (
    select
        r.submission_key, r.sheet, r.row_no, r.node_key, r.organisation_key, r.full_name_letters_key,
        case when r.dataset_code <> 'personnel' then r.claim end as claim,
        case when s.submission_key is not null then coalesce(s.spell_from, date '0001-01-01') end as spell_from, {{ end_of('s.spell_to') }} as spell_to
    from (
        select dataset_code, submission_key, sheet, row_no, claim, node_key, organisation_key, full_name_letters_key from numbered
        union all
        select dataset_code, submission_key, sheet, row_no, claim, description_key as node_key, organisation_key, full_name_letters_key
        from {{ ref('unnumbered') }}
        where description_key is not null
    ) as r
    left join {{ source('landing', 'personnel') }} as s on r.dataset_code = 'personnel' and {{ same_row('s', 'r') }} and {{ is_primary('s') }}
),

apart as (
    select distinct a.node_key as one_key, b.node_key as other_key
    from stated as a
    inner join stated as b
        on b.submission_key = a.submission_key and b.organisation_key = a.organisation_key and b.full_name_letters_key = a.full_name_letters_key
        and (b.row_no <> a.row_no or coalesce(b.sheet, '') <> coalesce(a.sheet, ''))
        and (b.claim = a.claim or (a.spell_from <= b.spell_to and b.spell_from <= a.spell_to))
),

pairs as (
    select
        a.node_key as one_key, b.node_key as other_key, b.is_number as is_other_number,
        min(case
            when a.party_card_key = b.party_card_key then 'A'
            when a.staff_key = b.staff_key then 'B'
            when a.birth_date_key = b.birth_date_key then 'C'
            when a.birth_date_year_key = b.birth_date_year_key then 'D'
            when a.joined_on = b.joined_on then 'E'
        end) as proof,
        max(case
            when
                a.full_name_key <> b.full_name_key or a.birth_date_key <> b.birth_date_key or a.birth_date_year_key <> b.birth_date_year_key
                or a.sex_code <> b.sex_code or a.joined_on <> b.joined_on or a.is_contested or b.is_contested or (a.is_number and b.is_number)
                then 1
            else 0
        end) = 1 as is_contradicted
    from nodes as a
    inner join nodes as b
        on b.organisation_key = a.organisation_key and b.full_name_letters_key = a.full_name_letters_key and b.node_key <> a.node_key
    group by a.node_key, b.node_key, b.is_number
),

cannot_be_one as (
    select one_key, other_key, false as is_in_one_list from pairs where is_contradicted
    union all
    select one_key, other_key, true as is_in_one_list from apart
),

may_be as (
    select p.one_key, p.other_key, p.is_other_number, p.proof
    from pairs as p
    inner join (
        select one_key, min(least(proof, 'C')) as proof_class from pairs where not is_contradicted group by one_key
    ) as best on best.one_key = p.one_key and best.proof_class = least(p.proof, 'C')
    where not p.is_contradicted
),

-- a number, too, may fit several who have none
unclear as (
    select node_key, max(case when is_in_one_list then 1 else 0 end) = 1 as is_in_one_list
    from (
        select one_key as node_key, true as is_in_one_list from apart where one_key = other_key
        union all
        select m.one_key as node_key, c.is_in_one_list
        from may_be as m
        inner join cannot_be_one as c on c.one_key = m.one_key and c.other_key = m.other_key
        union all
        select m.one_key as node_key, false as is_in_one_list
        from may_be as m
        inner join may_be as n on n.one_key = m.one_key
        inner join cannot_be_one as c on c.one_key = m.other_key and c.other_key = n.other_key
    ) as found
    group by node_key
),

clear as (
    select m.one_key as description_key, m.other_key as node_key, m.is_other_number as is_number
    from may_be as m
    left join unclear as u on u.node_key = m.one_key
    left join unclear as o on o.node_key = m.other_key
    where u.node_key is null and o.node_key is null
),

-- whose number it is; else the first of the descriptions stands for all: what one of them knows, the others learn in two steps
{% set steps = ['first', 'second', 'third'] %}
{% for step in steps %}
{{ step }} as (
    select
        d.description_key,
        {% if loop.first -%}
        coalesce(min(case when c.is_number then c.node_key end), least(d.description_key, min(c.node_key)), d.description_key) as root_key,
        max(case when c.is_number then 1 else 0 end) = 1 as is_number
        {%- else -%}
        case
            when max(case when d.is_number then 1 else 0 end) = 1 then max(d.root_key)
            else coalesce(min(case when s.is_number then s.root_key end), least(max(d.root_key), min(s.root_key)), max(d.root_key))
        end as root_key,
        max(case when d.is_number or s.is_number then 1 else 0 end) = 1 as is_number
        {%- endif %}
    from {{ 'descriptions' if loop.first else steps[loop.index0 - 1] }} as d
    left join clear as c on c.description_key = d.description_key
    {%- if not loop.first %}
    left join {{ steps[loop.index0 - 1] }} as s on s.description_key = c.node_key
    {%- endif %}
    group by d.description_key
){{ ',' if not loop.last }}

{% endfor %}
select
    d.description_key, case when u.node_key is null then r.root_key end as root_key,
    r.is_number and u.node_key is null as is_number,
    case when u.is_in_one_list then 'TWO_IN_ONE_LIST' when u.node_key is not null then 'SEVERAL_FIT' end as unlinked_reason_code,
    case coalesce(
        p.proof,
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
        else 'JOINING_DAY'
    end as identity_proof_code
from descriptions as d
inner join third as r on r.description_key = d.description_key
left join unclear as u on u.node_key = d.description_key
left join (select one_key, min(proof) as proof from may_be group by one_key) as p on p.one_key = d.description_key
