-- Whoever is in a fact of record; what is known of them by their newest roster. No name, no birth date, no identity number.
with
people as (
    select distinct person_key from {{ ref('choices') }} where is_of_record and person_key is not null
),

spells as (
    select
        c.person_key, r.sex_code, r.ethnicity_code, r.education_code, r.political_theory_code,
        -- the newest year's, then the spell begun last, then the row that ranks first, as one text to compare
        concat_ws(
            '|', v.year, r.spell_from, lpad(cast(1000000000 - v.record_rank as string), 10, '0'),
            lpad(cast(1000000000 - r.row_no as string), 10, '0'), r.sheet
        ) as age
    from {{ ref('stg_personnel') }} as r
    inner join {{ ref('choices') }} as c on {{ same_row('c', 'r') }}
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    where c.is_of_record and c.dataset_code = 'personnel'
),

known as (
    select
        person_key
        {% for column in ['sex_code', 'ethnicity_code', 'education_code', 'political_theory_code'] %}
        , max_by({{ column }}, case when {{ column }} is not null then age end) as {{ column }}
        {% endfor %}
    from spells
    group by person_key
)

select p.person_key, k.sex_code, k.ethnicity_code, k.education_code, k.political_theory_code
from people as p
left join known as k on k.person_key = p.person_key
