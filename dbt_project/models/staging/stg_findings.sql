select
    submission_key, rule_code, version_code, dataset_code, severity_code, sheet, row_no, column_name, cell, says_vi, says_en
from {{ source('landing', 'findings') }}
