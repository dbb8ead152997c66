-- The report counts, the rule judges. Units round up in practice: one above a cap that is not whole is a warning.
with
asked as (
    select
        'ratings' as dataset_code, v.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no, q.unit_key,
        cap.rule_code, cap.version_code,
        case
            when q.excellent = q.allowed + 1 and q.good_inclusive * cap.numerator % cap.denominator <> 0 then 'WARNING'
            else cap.severity_code
        end as severity_code,
        case
            when q.allowed is null then 'NOT_ASKED' -- the cap of peers: the forms do not say who they are
            when q.over > 0 then 'FAILED'
            else 'PASSED'
        end as answer_code
    from {{ ref('rpt_quota') }} as q
    inner join {{ ref('laws') }} as cap on cap.rule_code = 'excellent_within_cap' and {{ governs('cap', year_end('q.year'), "'PARTY_MEMBER'") }}
    left join {{ ref('versions') }} as v
        on v.sender_unit_key = q.unit_key and v.period = q.period and v.dataset_code = 'ratings' and v.is_current
    where q.period_type_code = 'YEAR' and q.good_inclusive > 0
)

{{ answers_of_law('decided_level_code') }}
