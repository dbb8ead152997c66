-- What the roster says of a person on the day that decides a rule: of discipline the day of signature, of a posting its first day in the year of
-- its file. Whoever it knows as a full member was probationary until then. Where spells of that day say different things, nobody can say.
with
facts as (
    select
        d.discipline_key as fact_key, d.person_key, cast(year(d.day_of_signature) as integer) as year, d.day_of_signature as first_day,
        coalesce({{ latest_start('d.day_of_signature') }}, d.day_of_signature) as last_day
    from (
        select
            c.fact_key as discipline_key, c.person_key, coalesce(r.signed_on, r.announced_on) as day_of_signature,
            case when r.signed_on is not null then r.signed_on_precision_code else r.announced_on_precision_code end as day_of_signature_precision_code
        from {{ rows_of_record('discipline') }}
        where r.subject_kind_code = 'PERSON'
    ) as d
    union all
    select
        r.rotation_key as fact_key, r.person_key, v.year, greatest(r.posting_from, v.period_from) as first_day,
        greatest({{ latest_start('r.posting_from') }}, v.period_from) as last_day
    from {{ ref('whole_fct_rotation') }} as r
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

told as (
    select
        f.fact_key, f.person_key, s.staff_kind_code,
        case
            when s.member_status_code <> 'FULL' or s.party_official_on is null then s.member_status_code
            when s.party_official_on > f.last_day then 'PROBATIONARY'
            when {{ latest_start('s.party_official_on') }} <= f.first_day then s.member_status_code
        end as member_status_code
    from facts as f
    inner join {{ ref('whole_fct_personnel') }} as s
        on s.person_key = f.person_key and s.year = f.year and {{ is_primary('s') }}
        and s.spell_from <= f.last_day and {{ end_of('s.spell_to') }} >= f.first_day
)

select
    fact_key, person_key,
    case when count(staff_kind_code) = count(*) and min(staff_kind_code) = max(staff_kind_code) then min(staff_kind_code) end as staff_kind_code,
    case when count(member_status_code) = count(*) and min(member_status_code) = max(member_status_code) then min(member_status_code) end
        as member_status_code
from told
group by fact_key, person_key
