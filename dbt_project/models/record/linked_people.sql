-- Whose each row without a number is. What is not linked is a person by itself, for nobody can say whose it is.
select
    u.dataset_code, u.submission_key, u.sheet, u.row_no, u.identity_key, d.root_key as person_identity_key,
    coalesce(d.is_number, false) as is_numbered_person, case when d.root_key is not null then d.identity_proof_code end as identity_proof_code,
    case when d.description_key is null then 'NAME_ALONE' else d.unlinked_reason_code end as unlinked_reason_code
from {{ ref('unnumbered') }} as u
left join {{ ref('described_people') }} as d on d.description_key = u.description_key
