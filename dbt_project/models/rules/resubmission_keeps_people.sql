-- Who sends another file sends another version of the same list: what only the earlier ones held is counted no more. A person's rating in another
-- system or period, or another course, is nothing that the earlier list held.
with
pairs as (
    select now.dataset_code, now.submission_key, before.submission_key as submission_key_before
    from {{ versions_and_before() }}
    where now.is_current and now.dataset_code is not null
),

compared as (
    select submission_key from pairs where submission_key_before is not null
    union -- each once
    select submission_key_before as submission_key from pairs where submission_key_before is not null
),

people as (
    {% set who = "case when r.is_numbered then r.identity_key else cast(r.full_name_letters_key as string) end" -%}
    select distinct
        r.submission_key, r.full_name_letters_key, r.is_numbered, coalesce(r.programme_key, '') as what, {{ who }} as identity_key
    from {{ ref('landed_people') }} as r
    inner join compared as p on p.submission_key = r.submission_key
    where r.identity_key is not null and r.dataset_code <> 'ratings'
    union all
    select distinct
        r.submission_key, r.full_name_letters_key, r.is_numbered, {{ parts(['r.rating_system_code', 'r.period']) }} as what, {{ who }} as identity_key
    from {{ source('landing', 'ratings') }} as r
    inner join compared as p on p.submission_key = r.submission_key
    where r.identity_key is not null
),

held as (
    select distinct p.submission_key, concat(was.identity_key, '|', was.what) as fact
    from pairs as p
    inner join people as was on was.submission_key = p.submission_key_before
),

again as (
    select p.submission_key, concat(was.identity_key, '|', was.what) as fact
    from pairs as p
    inner join people as was on was.submission_key = p.submission_key_before
    inner join people as a on a.submission_key = p.submission_key and a.what = was.what and a.identity_key = was.identity_key
    union -- each once
    select p.submission_key, concat(was.identity_key, '|', was.what) as fact
    from pairs as p
    inner join people as was on was.submission_key = p.submission_key_before
    inner join people as a
        on a.submission_key = p.submission_key and a.what = was.what and a.full_name_letters_key = was.full_name_letters_key
        and a.is_numbered <> was.is_numbered -- a number was added, or lost
),

kept as (
    select h.submission_key, count(*) as before_count, count(a.fact) as kept_count
    from held as h
    left join again as a on a.submission_key = h.submission_key and a.fact = h.fact
    group by h.submission_key
),

asked as (
    select distinct
        p.dataset_code, p.submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
        cast(null as string) as unit_key, cast(null as string) as severity_code,
        case
            when k.submission_key is null then 'NOTHING_TO_COMPARE'
            when k.kept_count * 2 < k.before_count then 'FAILED'
            else 'PASSED'
        end as answer
    from pairs as p
    left join kept as k on k.submission_key = p.submission_key
)

{{ answers('resubmission_keeps_people') }}
