select submission_key, explanation_key
from {{ source('landing', 'explanations') }}
