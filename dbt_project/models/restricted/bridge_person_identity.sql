-- The one place where an identity becomes a person: two numbers of one person are joined here, and whoever has no number is linked;
-- what the city says goes before.
with
identities as (select distinct identity_key from {{ ref('landed_people') }} where identity_key is not null)

select i.identity_key, {{ key(['coalesce(l.person_identity_key, k.root_key, i.identity_key)']) }} as person_key
from identities as i
left join {{ ref('known_as') }} as k on k.identity_key = i.identity_key
left join {{ ref('linked_people') }} as l on l.identity_key = i.identity_key
