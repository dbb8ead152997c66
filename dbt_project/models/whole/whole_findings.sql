-- One fault, one finding: of files and rows for every submission, of the warehouse for what is current.
with
findings as (
    select
        submission_key, finding_no, rule_code, version_code, dataset_code, severity_code, sheet, row_no, column_name,
        cell as landed_cell, cell, cast(null as string) as unit_key, says_vi, cast(null as string) as nearest_units, says_en
    from {{ source('landing', 'findings') }}
    union all
    select
        w.submission_key, cast(null as integer) as finding_no, w.rule_code, w.version_code, w.dataset_code,
        coalesce(w.severity_code, r.severity_code) as severity_code,
        w.sheet, w.row_no, w.column_name, cast(null as string) as landed_cell,
        case when l.letter is not null and w.row_no is not null then concat(coalesce(o.letter, l.letter), cast(w.row_no as string)) end as cell, w.unit_key,
        concat_ws(' ', r.says_vi, w.adds_vi) as says_vi, w.nearest_units, r.says_en
    from {{ ref('warehouse_answers') }} as w
    left join {{ ref('rules') }} as r on r.rule_code = w.rule_code and r.dataset_code = w.dataset_code
        and coalesce(r.version_code, '') = coalesce(w.version_code, '')
    left join {{ source('landing', 'letters') }} as l
        on l.submission_key = w.submission_key and coalesce(l.sheet, '') = coalesce(w.sheet, '') and l.column_name = w.column_name
        and l.row_no is null
    left join {{ source('landing', 'letters') }} as o -- where this row's value stands, of a column that is read from several places
        on o.submission_key = w.submission_key and coalesce(o.sheet, '') = coalesce(w.sheet, '') and o.column_name = w.column_name
        and o.row_no = w.row_no
    where w.answer_code = 'FAILED'
),

people as (
    select
        submission_key, sheet, row_no,
        case
            when is_numbered then identity_key
            else {{ key(['full_name_letters_key', 'full_name_key', 'birth_date_year_key', 'birth_date_key']) }}
        end as identity_key
    from {{ ref('landed_people') }}
    where identity_key is not null
    union all
    select submission_key, sheet, row_no, identity_key from {{ source('landing', 'set_aside') }} where identity_key is not null
),

-- The same fault in the next submission has the same explanation key, although rows moved: it names the person, and the place
-- only where there is no person. What explains one version of a law does not explain another.
placed as (
    select
        f.*, v.period, v.sender_code, v.sender_unit_key, v.is_current,
        {{ key([
            'v.period', 'v.sender_code', 'f.dataset_code', "concat_ws('|', f.rule_code, f.version_code)",
            'f.column_name', 'f.unit_key', 'p.identity_key',
            'case when p.identity_key is null then coalesce(cast(f.row_no as string), f.sheet) end',
            'case when p.identity_key is null then f.landed_cell end',
        ]) }} as explanation_key
    from findings as f
    left join {{ ref('versions') }} as v on v.submission_key = f.submission_key
    left join people as p on {{ same_row('p', 'f') }}
)

select
    {{ keyed([
        'f.submission_key', 'f.rule_code', 'f.version_code', 'f.dataset_code', 'f.sheet', 'f.row_no', 'f.column_name', 'f.landed_cell', 'f.unit_key',
    ]) }} as finding_key,
    f.submission_key, f.finding_no, f.period, f.sender_code, f.sender_unit_key, f.dataset_code, f.rule_code, f.version_code, f.severity_code,
    f.sheet, f.row_no, f.column_name, f.cell, f.unit_key, f.says_vi, f.nearest_units, f.says_en, coalesce(f.is_current, true) as is_current,
    f.explanation_key, f.severity_code <> 'ERROR' and e.explanation_key is not null as is_explained
from placed as f
cross join {{ source('context', 'run') }} as run
left join {{ source('landing', 'explanations') }} as e
    on e.submission_key = f.submission_key and e.explanation_key = f.explanation_key
