select
    unit_id, unit_code, unit_name, unit_type_code, parent_unit_id, valid_from, valid_to, unit_code_fold,
    unit_name_fold, unit_name_marked
from {{ source('context', 'units') }}
