select
    period, unit_code, dataset_code, withdrawn_on
from {{ source('context', 'withdrawals') }}
