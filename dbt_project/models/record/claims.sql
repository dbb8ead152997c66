{{ config(materialized='view') }}
-- What each accepted row of a current submission claims: which fact (`claim`, without its unit), of which unit word, on which day:
-- where its own day is unknown, on a day of its folder's period, since it was sent for that.
with
versions as (select * from {{ ref('versions') }} where is_current),

people as (select * from {{ ref('bridge_person_identity') }}),

claims as (
    select
        'personnel' as dataset_code, r.submission_key, r.sheet, r.row_no, i.person_key, v.period, coalesce(r.unit_marked, r.unit) as unit,
        least(coalesce(r.spell_to, v.period_to), v.period_to) as fact_on, true as is_unit_in_key, cast(null as date) as may_end_from,
        {{ parts(['v.year', 'r.spell_kind_code', 'coalesce(r.spell_from, v.period_from)']) }} as claim
    from {{ source('landing', 'personnel') }} as r
    inner join versions as v on v.submission_key = r.submission_key
    inner join people as i on i.identity_key = r.identity_key

    union all
    select
        'ratings', r.submission_key, r.sheet, r.row_no,
        case when r.rating_system_code <> 'COLLECTIVE' then i.person_key end as person_key, r.period, coalesce(r.unit_marked, r.unit) as unit,
        p.period_to as fact_on, r.rating_system_code = 'COLLECTIVE' as is_unit_in_key,
        {{ rated_until('r', 'p.period_from', 'p.period_to') }} as may_end_from,
        {{ parts(['r.rating_system_code', 'p.period_type_code', 'r.period']) }} as claim
    from {{ source('landing', 'ratings') }} as r
    inner join versions as v on v.submission_key = r.submission_key
    inner join {{ source('context', 'periods') }} as p on p.period = r.period
    left join people as i on i.identity_key = r.identity_key

    union all
    select
        'rotation', r.submission_key, r.sheet, r.row_no, i.person_key, v.period, coalesce(r.unit_marked, r.unit) as unit,
        greatest(coalesce(r.posting_from, v.period_from), v.period_from) as fact_on, false as is_unit_in_key, cast(null as date) as may_end_from,
        {{ parts(['r.rotation_kind_code', 'r.posting_from', 'r.decision_no']) }} as claim
    from {{ source('landing', 'rotation') }} as r
    inner join versions as v on v.submission_key = r.submission_key
    inner join people as i on i.identity_key = r.identity_key

    union all
    select
        'training', r.submission_key, r.sheet, r.row_no, i.person_key, v.period, coalesce(r.unit_marked, r.unit) as unit,
        greatest(coalesce(r.training_from, v.period_from), v.period_from) as fact_on, false as is_unit_in_key, cast(null as date) as may_end_from,
        {{ parts(['r.programme_key', 'r.provider_key', 'r.training_from']) }} as claim
    from {{ source('landing', 'training') }} as r
    inner join versions as v on v.submission_key = r.submission_key
    inner join people as i on i.identity_key = r.identity_key

    union all
    select
        'discipline', r.submission_key, r.sheet, r.row_no,
        case when r.subject_kind_code = 'PERSON' then i.person_key end as person_key, v.period, coalesce(r.unit_marked, r.unit) as unit,
        coalesce(r.announced_on, r.signed_on, v.period_to) as fact_on, r.subject_kind_code <> 'PERSON' as is_unit_in_key,
        date '0001-01-01' as may_end_from, -- a dissolved unit can still be disciplined (QĐ 69)
        {{ parts(['r.subject_kind_code', 'r.discipline_system_code', 'r.decision_no', 'r.signed_on']) }} as claim
    from {{ source('landing', 'discipline') }} as r
    inner join versions as v on v.submission_key = r.submission_key
    left join people as i on i.identity_key = r.identity_key
)

select
    c.dataset_code, c.submission_key, c.sheet, c.row_no, c.person_key, c.period, c.fact_on, c.is_unit_in_key, c.claim,
    v.sender_unit_key,
    coalesce(c.unit, '') as unit_word, -- blank is the sender
    {{ end_of('c.may_end_from') }} as may_end_from
from claims as c
inner join versions as v on v.submission_key = c.submission_key
