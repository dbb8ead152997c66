select
    load_id, line_no, path, period, sender_code, content_hash, seen_at
from {{ source('context', 'ledger') }}
