select
    period, period_type_code, year, period_from, period_to
from {{ source('context', 'periods') }}
