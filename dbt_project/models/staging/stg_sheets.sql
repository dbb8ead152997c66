select submission_key, sheet, sheet_no
from {{ source('landing', 'sheets') }}
