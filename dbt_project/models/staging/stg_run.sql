select
    load_id, as_of, contract, table_key
from {{ source('context', 'run') }}
