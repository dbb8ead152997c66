select
    dataset_code, unit_type_code, period, due_on
from {{ source('context', 'calendar') }}
