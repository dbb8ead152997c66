-- Laws 0 and 6: nothing is lost on the way in, nor between landing and the figures.
select submission_key, rows_read, rows_accepted, rows_set_aside, rows_in_figures, rows_kept_out
from {{ ref('whole_submissions') }}
where rows_read <> rows_accepted + rows_set_aside or rows_read <> rows_in_figures + rows_kept_out + rows_set_aside
