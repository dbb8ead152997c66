select
    version_code, confirmed_on
from {{ source('context', 'confirmations') }}
