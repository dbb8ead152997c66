-- Whom each row without a number was taken for, and on what ground.
select
    l.dataset_code, l.submission_key, s.sheet_no, l.row_no, b.person_key, l.identity_proof_code, l.unlinked_reason_code, l.is_numbered_person
from {{ ref('linked_people') }} as l
inner join {{ ref('bridge_person_identity') }} as b on b.identity_key = l.identity_key
left join {{ source('landing', 'sheets') }} as s on s.submission_key = l.submission_key and s.sheet = l.sheet
