-- What the roster says of a person on the day that decides: of discipline the day of signature, of a posting its first day in the year of its
-- file. Rules that are decided by other days ask `roster_of` themselves.
with
facts as (
    select
        d.discipline_key as fact_key, d.person_key, cast(year(d.day_of_signature) as integer) as year, d.day_of_signature as first_day,
        coalesce({{ latest_start('d.day_of_signature') }}, d.day_of_signature) as last_day
    from (
        select
            c.fact_key as discipline_key, c.person_key, {{ day_of_signature('r') }}
        from {{ rows_of_record('discipline') }}
        where r.subject_kind_code = 'PERSON'
    ) as d
    union all
    select
        r.rotation_key as fact_key, r.person_key, v.year, greatest(r.posting_from, v.period_from) as first_day,
        greatest({{ latest_start('r.posting_from') }}, v.period_from) as last_day
    from {{ ref('whole_fct_rotation') }} as r
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
)

{{ roster_of('facts', ['fact_key']) }}
