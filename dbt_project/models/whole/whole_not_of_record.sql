select
    c.dataset_code, c.submission_key, c.sheet, c.row_no, c.reason_code, r.submission_key as record_submission_key,
    r.sheet as record_sheet, r.row_no as record_row_no
from {{ ref('choices') }} as c
left join {{ ref('choices') }} as r
    on r.fact_key = case when c.reason_code = 'ANOTHER_ROW_IS_OF_RECORD' then c.fact_key end and r.is_of_record
where not c.is_of_record
