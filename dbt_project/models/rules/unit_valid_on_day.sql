-- A row under the former name or code of a unit, or of one that another took over from, counts where that leads to, and is told of both.
with
placed as (
    select
        dataset_code, submission_key, sheet, row_no, reason_code, is_unit_assumed, unit_version_key, former_version_key, true as is_day_sure
    from {{ ref('choices') }}
    union all
    select
        dataset_code, submission_key, sheet, row_no, reason_code, is_unit_assumed, cast(null as string) as unit_version_key, former_version_key,
        false as is_day_sure -- the day may be what could not be read
    from {{ ref('aside_places') }}
),

asked as (
    select
        p.dataset_code, p.submission_key, p.sheet, p.row_no, now.unit_key, case when now.unit_key is not null then 'WARNING' end as severity_code,
        case when now.unit_key is not null then concat(
            'Vào ngày đó “', before.unit_name, '” (', before.unit_code, ') là “', now.unit_name, '” (', now.unit_code,
            '), nên dòng được tính cho đơn vị này.'
        ) end as leads_to,
        case
            when p.reason_code in ('UNIT_UNKNOWN', 'UNIT_AMBIGUOUS') or p.is_unit_assumed then 'UNIT_UNKNOWN'
            when p.reason_code = 'UNIT_NOT_VALID' or (p.former_version_key is not null and coalesce(p.reason_code, '') <> 'FOREIGN_UNIT')
                then case when p.is_day_sure then 'FAILED' else 'DAY_UNKNOWN' end
            else 'PASSED'
        end as answer
    from placed as p
    left join {{ ref('dim_unit') }} as before on before.unit_version_key = p.former_version_key
    left join {{ ref('dim_unit') }} as now on now.unit_version_key = case when p.former_version_key is not null then p.unit_version_key end
)

{{ answers('unit_valid_on_day', 'unit', adds='leads_to') }}
