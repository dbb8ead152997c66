-- Which person an identity is: two numbers of one person are joined here, as in `claims`.
with
identities as (
    {% for dataset in ['personnel', 'ratings', 'rotation', 'training', 'discipline'] %}
    select identity_key from {{ source('landing', dataset) }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
)

select i.identity_key, {{ person_of('i', 'j') }} as person_key
from identities as i
left join {{ ref('joined_numbers') }} as j on j.identity_key = i.identity_key
where i.identity_key is not null
