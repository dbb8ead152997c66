{% set unlinked = 'Dòng này không có số CCCD, và vì ô ấy khác nên chưa được hiểu là người cùng họ tên trong danh sách nhân sự; hãy sửa ô hoặc ghi số CCCD.' -%}
-- What a list of another purpose says of its people besides, held against all that rosters say of them: whoever agrees with one of these is right.
-- Posts and degrees may be newer than a roster. Whoever has no number, and is on no roster because all of his name there who share a proof with him are of
-- another sex, or joined on another day, is told in that cell.
with
besides as (
    select c.dataset_code, c.submission_key, c.sheet, c.row_no, c.person_key, r.sex_code, r.ethnicity_code, r.joined_on
    from {{ ref('landed_people') }} as r
    inner join {{ ref('choices') }} as c on {{ same_row('c', 'r') }} and c.is_of_record and c.person_key is not null
    where r.dataset_code <> 'personnel' and (r.sex_code is not null or r.ethnicity_code is not null or r.joined_on is not null)
),

rosters as (
    select distinct c.person_key, r.sex_code, r.ethnicity_code, r.joined_on
    from (select distinct person_key from besides) as b
    inner join {{ ref('choices') }} as c on c.person_key = b.person_key and c.dataset_code = 'personnel' and c.is_of_record
    inner join {{ ref('landed_people') }} as r on {{ same_row('r', 'c') }} and r.dataset_code = 'personnel'
),

-- 0 where a roster says the same, 1 where all that say something say otherwise
held as (
    select
        b.dataset_code, b.submission_key, b.sheet, b.row_no
        {%- for column in ['sex_code', 'ethnicity_code', 'joined_on'] %},
        min(case when b.{{ column }} = r.{{ column }} then 0 when b.{{ column }} <> r.{{ column }} then 1 end) as other_{{ column }}
        {%- endfor %}
    from besides as b
    left join rosters as r on r.person_key = b.person_key
    group by b.dataset_code, b.submission_key, b.sheet, b.row_no
),

on_rosters as (
    select distinct person_key from {{ ref('choices') }} where dataset_code = 'personnel' and is_of_record
),

alone as (
    select n.*
    from {{ ref('namesakes') }} as n
    inner join besides as b on {{ same_row('b', 'n') }} and b.dataset_code = n.dataset_code
    left join on_rosters as r on r.person_key = b.person_key
    where n.is_described and not n.is_confirmed and r.person_key is null
),

-- what a number says, where nobody wrote it
there as (
    select
        identity_key, organisation_key, full_name_letters_key, full_name_key, birth_date_key, party_card_key, staff_key, joined_on,
        coalesce(birth_date_year_key, number_year_key) as birth_date_year_key, coalesce(sex_code, number_sex_code) as sex_code
    from {{ ref('namesakes') }}
    where dataset_code = 'personnel'
),

-- everybody of the name on rosters who may be meant, but for what is asked here, and whom the city does not keep apart
meant as (
    select
        a.dataset_code, a.submission_key, a.sheet, a.row_no,
        min(case when a.sex_code <> t.sex_code then 1 else 0 end) as other_sex_code,
        min(case when a.joined_on <> t.joined_on then 1 else 0 end) as other_joined_on,
        min(case when a.sex_code <> t.sex_code or a.joined_on <> t.joined_on then 1 else 0 end) as other
    from alone as a
    inner join there as t on t.organisation_key = a.organisation_key and t.full_name_letters_key = a.full_name_letters_key
    left join {{ ref('forbidden_people') }} as f on f.one_key = a.identity_key and f.other_key = t.identity_key
    where
        f.one_key is null
        and (
            a.birth_date_year_key = t.birth_date_year_key or a.joined_on = t.joined_on or a.party_card_key = t.party_card_key or a.staff_key = t.staff_key
        )
        {%- for said in ['full_name_key', 'birth_date_key', 'birth_date_year_key', 'party_card_key', 'staff_key'] %}
        and (a.{{ said }} is null or t.{{ said }} is null or a.{{ said }} = t.{{ said }})
        {%- endfor %}
    group by a.dataset_code, a.submission_key, a.sheet, a.row_no
),

asked as (
    select
        h.dataset_code, h.submission_key, h.sheet, h.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when h.other_sex_code = 1 or m.other_sex_code = 1 then 'sex_code'
            when h.other_ethnicity_code = 1 then 'ethnicity_code'
            when m.other = 1 and m.other_joined_on = 0 then 'sex_code'
            else 'party_joined_on'
        end as column_said,
        case
            when m.other = 1 then 'FAILED'
            when coalesce(h.other_sex_code, h.other_ethnicity_code, h.other_joined_on) is null then 'ROSTER_SAYS_NOTHING'
            when h.other_sex_code = 1 or h.other_ethnicity_code = 1 or h.other_joined_on = 1 then 'FAILED'
            else 'PASSED'
        end as answer,
        case when m.other = 1 then '{{ unlinked }}' end as adds
    from held as h
    left join meant as m on {{ same_row('m', 'h') }} and m.dataset_code = h.dataset_code
    union all
    select
        v.dataset_code, v.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no, cast(null as string) as unit_key,
        cast(null as string) as severity_code, cast(null as string) as column_said, 'NOTHING_TO_COMPARE' as answer, cast(null as string) as adds
    from {{ ref('versions') }} as v
    left join (select distinct submission_key from besides) as b on b.submission_key = v.submission_key
    where v.is_current and v.dataset_code <> 'personnel' and b.submission_key is null
)

{{ answers('person_as_on_rosters', column_of='column_said', adds='adds') }}
