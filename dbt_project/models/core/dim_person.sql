{% set columns = ['sex_code', 'ethnicity_code', 'education_code', 'political_theory_code'] -%}
-- Whoever is in a fact of record; what is known of them by their newest roster, and where no roster says it, by the newest list of another purpose that
-- says it besides. No name, no birth date, no identity number.
with
people as (
    select distinct person_key from {{ ref('choices') }} where is_of_record and person_key is not null
),

spells as (
    select
        c.person_key, r.sex_code, r.ethnicity_code, r.education_code, r.political_theory_code,
        row_number() over (
            partition by c.person_key order by v.year desc nulls last, r.spell_from desc nulls last, {{ record_order('v', 'r') }}
        ) as newest_first
    from {{ rows_of_record('personnel') }}
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

known as (
    select
        person_key
        {% for column in columns %}
        , min_by({{ column }}, case when {{ column }} is not null then newest_first end) as {{ column }}
        {% endfor %}
    from spells
    group by person_key
),

-- a sex that the person's own number contradicts is nobody's
lists as (
    select
        c.person_key, r.ethnicity_code, r.education_code, r.political_theory_code,
        case when coalesce(r.number_sex_code, r.sex_code) = r.sex_code then r.sex_code end as sex_code,
        row_number() over (
            partition by c.person_key order by v.year desc nulls last, c.dataset_code asc nulls last, {{ record_order('v', 'r') }}
        ) as newest_first
    from {{ ref('landed_people') }} as r
    inner join {{ ref('choices') }} as c on {{ same_row('c', 'r') }} and c.is_of_record
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    where r.dataset_code <> 'personnel' and coalesce(r.sex_code, r.ethnicity_code, r.education_code, r.political_theory_code) is not null
),

besides as (
    select
        person_key
        {% for column in columns %}
        , min_by({{ column }}, case when {{ column }} is not null then newest_first end) as {{ column }}
        {% endfor %}
    from lists
    where person_key is not null
    group by person_key
)

select
    p.person_key, u.person_key is null as is_told_apart
    {%- for column in columns %}, coalesce(k.{{ column }}, b.{{ column }}) as {{ column }}{% endfor %}
from people as p
left join known as k on k.person_key = p.person_key
left join besides as b on b.person_key = p.person_key
left join (
    select distinct b.person_key
    from {{ ref('linked_people') }} as l
    inner join {{ ref('bridge_person_identity') }} as b on b.identity_key = l.identity_key
    where l.unlinked_reason_code is not null
) as u on u.person_key = p.person_key
