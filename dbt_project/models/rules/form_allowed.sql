-- Which forms of discipline a person may be given, who by the roster of the year was this or that on the day of signature. Whoever the roster
-- knows as a full member was probationary until then.
with
decisions as (
    select
        d.submission_key, d.sheet, d.row_no, d.discipline_form_code, d.discipline_system_code, law.rule_code, law.version_code, law.severity_code, law.allowed_codes,
        {{ is_spoken_of('law', 's', 's.code_on_day', 'STATUS_UNKNOWN') }} as is_spoken_of
    from (
        select f.*, coalesce(f.signed_on, f.announced_on) as day_of_signature
        from {{ ref('whole_fct_discipline') }} as f
        where f.subject_kind_code = 'PERSON' and coalesce(f.discipline_status_code, 'ACTIVE') <> 'ANNULLED_WRONGFUL'
    ) as d
    inner join {{ ref('laws') }} as law
        on law.family_code = 'FORM_ALLOWED' and {{ governs('law', 'd.day_of_signature', 'd.discipline_system_code') }}
    left join (
        select
            x.discipline_key, r.person_key,
            case
                when x.discipline_system_code <> 'PARTY' then r.staff_kind_code
                when r.member_status_code <> 'FULL' or r.party_official_on is null then r.member_status_code
                when r.party_official_on > coalesce(x.signed_on, x.announced_on) then 'PROBATIONARY'
                when {{ latest_start('r.party_official_on') }} <= coalesce(x.signed_on, x.announced_on) then r.member_status_code
            end as code_on_day
        from {{ ref('whole_fct_discipline') }} as x
        inner join {{ ref('last_spells') }} as r on r.person_key = x.person_key and r.year = year(coalesce(x.signed_on, x.announced_on))
    ) as s on s.discipline_key = d.discipline_key
),

asked as (
    select
        {{ of_law('d', 'discipline', 'd') }},
        case
            when {{ one_of('d.discipline_form_code', 'd.allowed_codes') }} then 'PASSED'
            when d.discipline_form_code is null then 'VALUE_UNKNOWN'
            when d.is_spoken_of = 'YES' then 'FAILED'
            when d.is_spoken_of = 'STATUS_UNKNOWN' and d.discipline_system_code <> 'PARTY' then 'STAFF_KIND_UNKNOWN'
            else d.is_spoken_of
        end as answer
    from decisions as d
    where d.is_spoken_of <> 'NO'
)

{{ answers_of_law('discipline_form_code') }}
