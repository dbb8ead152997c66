-- The one place where an identity becomes a person: two cards of one person would be joined here.
with
identities as (
    {% for dataset in ['personnel', 'ratings', 'rotation', 'training', 'discipline'] %}
    select identity_key from {{ ref('stg_' ~ dataset) }}
    {% if not loop.last %}union{% endif %}
    {% endfor %}
)

select identity_key, {{ key(['identity_key']) }} as person_key
from identities
where identity_key is not null
