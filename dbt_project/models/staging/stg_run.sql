select
    load_id, as_of, contract
from {{ source('context', 'run') }}
