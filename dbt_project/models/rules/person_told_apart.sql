-- Whoever has no number is told from others of his name. Who has nothing but a name was told of at the missing number, unless another list tells the
-- same of that name: then one person may be counted twice.
with
asked as (
    select
        l.dataset_code, l.submission_key, l.sheet, l.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when l.unlinked_reason_code is null then 'PASSED'
            when l.unlinked_reason_code = 'NAME_ALONE' and not l.is_told_elsewhere then 'ANOTHER_RULE_TELLS'
            else 'FAILED'
        end as answer
    from {{ ref('linked_people') }} as l
    union all
    select
        v.dataset_code, v.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no, cast(null as string) as unit_key,
        cast(null as string) as severity_code, 'NOTHING_TO_COMPARE' as answer
    from {{ ref('versions') }} as v
    left join (select distinct submission_key from {{ ref('linked_people') }}) as l on l.submission_key = v.submission_key
    where v.is_current and l.submission_key is null
)

{{ answers('person_told_apart', 'full_name') }}
