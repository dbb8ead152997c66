select
    f.dataset_code, f.submission_key, s.sheet_no, f.row_no, f.reason_code, f.record_submission_key, rs.sheet_no as record_sheet_no,
    f.record_row_no
from {{ ref('whole_not_of_record') }} as f
left join {{ source('landing', 'sheets') }} as s on s.submission_key = f.submission_key and s.sheet = f.sheet
left join {{ source('landing', 'sheets') }} as rs on rs.submission_key = f.record_submission_key and rs.sheet = f.record_sheet
