-- What a reason in `allowed_codes` ended has a last day, also where a later file tells of it as still running.
with
told as (
    select distinct c.fact_key, r.rotation_end_reason_code
    from {{ ref('choices') }} as c
    inner join {{ source('landing', 'rotation') }} as r on {{ same_row('r', 'c') }}
    where c.dataset_code = 'rotation' and r.rotation_end_reason_code is not null
),

asked as (
    select distinct
        {{ of_law('r', 'rotation', 'law') }},
        case when r.posting_to is null then 'FAILED' else 'PASSED' end as answer
    from {{ ref('laws') }} as law
    inner join {{ ref('whole_fct_rotation') }} as r on law.family_code = 'CLOSED_BY'
    -- the year of the file that tells of it is the year in which it ended
    inner join {{ ref('versions') }} as v
        on v.submission_key = r.submission_key and {{ governs('law', 'v.period_to', 'r.rotation_kind_code') }}
    inner join told as t on t.fact_key = r.rotation_key and {{ one_of('t.rotation_end_reason_code', 'law.allowed_codes') }}
)

{{ answers_of_law('posting_to') }}
