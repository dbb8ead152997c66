select
    load_id, as_of, contract, registry_hash, started_at
from {{ source('context', 'loads') }}
