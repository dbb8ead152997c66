-- Good and excellent of record by the base organisation that the row names: who rated, not where the person stands when the year ends.
select
    period_type_code, period, year, period_to, rating_system_code, base_unit_key,
    {{ count_where("decided_level_code in ('EXCELLENT', 'GOOD')") }} as good_inclusive,
    {{ count_where("decided_level_code = 'EXCELLENT'") }} as excellent
from {{ ref('whole_fct_ratings') }}
where base_unit_key is not null
group by period_type_code, period, year, period_to, rating_system_code, base_unit_key
