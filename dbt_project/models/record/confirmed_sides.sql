-- Whom each side of what the city confirmed means (`registry/identities`), in current submissions: by a number whoever bears it, also where no list
-- has it; by a Party card or, in its organisation, a staff number all rows that say it, but not where one list gives it to several names; by a name and
-- a birth date the rows of its organisation that say no number. Groups whom the city says to be one and who share somebody are one group.
with
sides as (select * from {{ source('context', 'identity_sides') }}),

organisations as (
    select distinct s.side_key, coalesce(b.ancestor_unit_key, {{ key(['u.unit_id']) }}) as organisation_key
    from sides as s
    inner join {{ source('context', 'units') }} as u on u.unit_code_fold = s.unit_code_fold
    left join {{ ref('bridge_unit_ancestor') }} as b
        on b.unit_version_key = {{ key(['u.unit_id', 'u.valid_from']) }} and b.ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL')
),

met as (
    {% set row = 'r.submission_key, r.sheet, r.row_no, r.is_numbered, r.full_name_letters_key' -%}
    {% for own in ['identity_key', 'party_card_key', 'staff_key'] -%}
    select s.side_key, s.side_code, {{ row }}
    from {{ ref('landed_people') }} as r
    inner join sides as s on s.{{ own }} = r.{{ own }}
    {% if own == 'identity_key' %}where r.is_numbered{% endif %}
    union all
    {% endfor -%}
    select s.side_key, s.side_code, {{ row }}
    from {{ ref('landed_people') }} as r
    inner join sides as s
        on {{ same_name('r', 's') }} and r.birth_date_year_key = s.birth_date_year_key and coalesce(r.birth_date_key, 0) = coalesce(s.birth_date_key, 0)
    where not r.is_numbered
),

shared as (
    select side_key, submission_key
    from met
    where side_code in ('PARTY_CARD', 'STAFF_NUMBER')
    group by side_key, submission_key
    having min(full_name_letters_key) <> max(full_name_letters_key)
),

people as (
    select
        m.side_key, c.identity_key, m.is_numbered, cast(count(*) as bigint) as row_count,
        min(m.full_name_letters_key) as lowest_name_key, max(m.full_name_letters_key) as highest_name_key
    from met as m
    inner join {{ ref('claims') }} as c on {{ same_row('c', 'm') }} and c.identity_key is not null
    left join {{ ref('places') }} as p
        on p.sender_unit_key = c.sender_unit_key and p.unit_word = c.unit_word
        and p.fact_on = c.fact_on and p.may_end_from = c.may_end_from and p.reason_code is null
    left join organisations as o on o.side_key = m.side_key and o.organisation_key = coalesce(p.base_unit_key, p.unit_key)
    left join shared as s on s.side_key = m.side_key and s.submission_key = m.submission_key
    where s.side_key is null and (m.side_code in ('IDENTITY_NUMBER', 'PARTY_CARD') or o.side_key is not null)
    group by m.side_key, c.identity_key, m.is_numbered
),

-- a number that a list writes beside a card, and that is another's by what the city says
denied as (
    {% for side, other in [('one', 'other'), ('other', 'one')] -%}
    select i.{{ side }}_side_key as side_key, s.identity_key
    from {{ source('context', 'identities') }} as i
    inner join sides as o on o.side_key = i.{{ other }}_side_key
    inner join sides as s on (s.side_key = o.side_key or s.group_key = o.group_key) and s.identity_key is not null
    where i.identity_relation_code = 'NOT_SAME'
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

meant as (
    select
        s.side_key, s.side_code, s.group_key, coalesce(p.identity_key, s.identity_key) as identity_key,
        coalesce(p.is_numbered, s.identity_key is not null) as is_numbered, s.identity_key is not null as is_named,
        d.side_key is not null as is_denied, coalesce(p.row_count, 0) as row_count, p.lowest_name_key, p.highest_name_key
    from sides as s
    left join people as p on p.side_key = s.side_key
    left join denied as d on d.side_key = s.side_key and d.identity_key = p.identity_key
),

members as (
    select distinct group_key, identity_key from meant where group_key is not null and identity_key is not null and not is_denied
),

labels_0 as (select distinct group_key, group_key as label from meant where group_key is not null),

-- groups that share somebody, and whoever shares somebody with them; what is further away stays two groups, which share somebody
{% set rounds = 4 %}
{% for round in range(rounds) %}
labels_{{ loop.index }} as (
    select l.group_key, least(l.label, coalesce(min(s.label), l.label)) as label
    from labels_{{ round }} as l
    left join members as m on m.group_key = l.group_key
    left join (
        select m.identity_key, min(l.label) as label
        from members as m
        inner join labels_{{ round }} as l on l.group_key = m.group_key
        group by m.identity_key
    ) as s on s.identity_key = m.identity_key
    group by l.group_key, l.label
){% if not loop.last %},

{% endif %}
{% endfor %}

select
    m.side_key, m.side_code, l.label as group_key, m.identity_key, m.is_numbered, m.is_named, m.is_denied, m.row_count, m.lowest_name_key,
    m.highest_name_key
from meant as m
left join labels_{{ rounds }} as l on l.group_key = m.group_key
