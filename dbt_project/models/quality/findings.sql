-- One fault, one finding: of files and rows for every submission, of the warehouse for what is current.
with
warehouse as (
    {% for rule in warehouse_rules() %}
    select rule_code, dataset_code, submission_key, sheet, row_no, column_name, unit_key, severity_code
    from {{ ref(rule) }}
    where answer_code = 'FAILED'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

findings as (
    select
        submission_key, rule_code, dataset_code, severity_code, sheet, row_no, column_name, cell,
        cast(null as string) as unit_key, says_vi, says_en
    from {{ ref('stg_findings') }}
    union all
    select
        w.submission_key, w.rule_code, w.dataset_code, coalesce(w.severity_code, r.severity_code) as severity_code,
        w.sheet, w.row_no, w.column_name, cast(null as string) as cell, w.unit_key, r.says_vi, r.says_en
    from warehouse as w
    left join {{ ref('rules') }} as r on r.rule_code = w.rule_code and r.dataset_code = w.dataset_code
)

select
    {{ key(['f.submission_key', 'f.rule_code', 'f.dataset_code', 'f.sheet', 'f.row_no', 'f.column_name', 'f.cell', 'f.unit_key']) }} as finding_key,
    f.submission_key, v.period, v.sender_code, v.sender_unit_key, f.dataset_code, f.rule_code, f.severity_code,
    f.sheet, f.row_no, f.column_name, f.cell, f.unit_key, f.says_vi, f.says_en, coalesce(v.is_current, true) as is_current
from findings as f
left join {{ ref('versions') }} as v on v.submission_key = f.submission_key
