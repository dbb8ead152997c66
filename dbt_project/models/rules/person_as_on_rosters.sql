-- What a list of another purpose says of its people besides, held against all that rosters say of them: whoever agrees with one of these is right.
-- Posts and degrees may be newer than a roster.
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

asked as (
    select
        dataset_code, submission_key, sheet, row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case when other_sex_code = 1 then 'sex_code' when other_ethnicity_code = 1 then 'ethnicity_code' else 'party_joined_on' end as column_said,
        case
            when coalesce(other_sex_code, other_ethnicity_code, other_joined_on) is null then 'ROSTER_SAYS_NOTHING'
            when other_sex_code = 1 or other_ethnicity_code = 1 or other_joined_on = 1 then 'FAILED'
            else 'PASSED'
        end as answer
    from held
    union all
    select
        v.dataset_code, v.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no, cast(null as string) as unit_key,
        cast(null as string) as severity_code, cast(null as string) as column_said, 'NOTHING_TO_COMPARE' as answer
    from {{ ref('versions') }} as v
    left join (select distinct submission_key from besides) as b on b.submission_key = v.submission_key
    where v.is_current and v.dataset_code <> 'personnel' and b.submission_key is null
)

{{ answers('person_as_on_rosters', column_of='column_said') }}
