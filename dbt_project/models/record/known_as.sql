-- Under what an identity is known before people are compared: the number that it was mended to, or what the city says is one with it.
with
confirmed as (select * from {{ ref('confirmed_people') }} where problem_code is null)

select identity_key, root_key, is_number, true as is_confirmed from confirmed
union all
select j.identity_key, j.joined_identity_key as root_key, true as is_number, false as is_confirmed
from {{ ref('joined_numbers') }} as j
left join confirmed as c on c.identity_key = j.identity_key
where c.identity_key is null
