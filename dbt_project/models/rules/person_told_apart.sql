-- Whoever has no number is told from others of his name. Who has nothing but a name was told of at the missing number.
with
asked as (
    select
        l.dataset_code, l.submission_key, l.sheet, l.row_no, cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when l.unlinked_reason_code is null then 'PASSED'
            when l.unlinked_reason_code = 'NAME_ALONE' then 'ANOTHER_RULE_TELLS'
            else 'FAILED'
        end as answer
    from {{ ref('linked_people') }} as l
)

{{ answers('person_told_apart', 'full_name') }}
