select list as code_list, code, label_vi, label_en, sort_order, rank
from {{ ref('codes') }}
