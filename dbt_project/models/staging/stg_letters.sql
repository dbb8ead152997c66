select submission_key, sheet, column_name, letter
from {{ source('landing', 'letters') }}
