-- Law 6: nothing is lost on the way in.
select submission_key, rows_read, rows_accepted, rows_set_aside
from {{ ref('submissions') }}
where rows_read <> rows_accepted + rows_set_aside
