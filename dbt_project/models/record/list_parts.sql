-- Files of one list (period × sender × dataset) that are parts of it: nobody stands in both, and each says in every row which unit, or of a course
-- which one, and none of these stands in the other. Without such a sign nobody knows whether the newer one replaces the older.
with
lines as (
    select
        s.submission_key, s.period, s.sender_code, s.dataset_code, {{ without_ending('l.path') }} as stem,
        row_number() over (partition by s.submission_key order by l.load_id desc nulls last, l.line_no desc nulls last) as newest_first
    from {{ source('landing', 'submissions') }} as s
    inner join {{ source('context', 'ledger') }} as l
        on l.period = s.period and l.sender_code = s.sender_code and l.content_hash = s.content_hash
    where s.verdict_code = 'ACCEPTED' and not s.is_nil
),

pairs as (
    select a.submission_key, b.submission_key as other_key
    from lines as a
    inner join lines as b
        on b.period = a.period and b.sender_code = a.sender_code and b.dataset_code = a.dataset_code
        and b.submission_key <> a.submission_key and b.stem <> a.stem
    where a.newest_first = 1 and b.newest_first = 1
),

files as (
    select distinct submission_key from pairs
),

rows_of as (
    select r.* from {{ ref('landed_people') }} as r inner join files as f on f.submission_key = r.submission_key
),

people as (
    select distinct submission_key, full_name_letters_key, is_numbered, case when is_numbered then identity_key end as number_key from rows_of
),

in_both as (
    select p.submission_key, p.other_key
    from pairs as p
    inner join people as a on a.submission_key = p.submission_key
    inner join people as b on b.submission_key = p.other_key and b.number_key = a.number_key
    union
    select p.submission_key, p.other_key
    from pairs as p
    inner join people as a on a.submission_key = p.submission_key
    inner join people as b on b.submission_key = p.other_key and b.full_name_letters_key = a.full_name_letters_key
    where not (a.is_numbered and b.is_numbered) -- one name may be one person, unless both have a number
),

names as (
    select submission_key, count(distinct full_name_letters_key) as name_count from people group by submission_key
),

-- numbers may be mended: most of the names again is the same list again
same_names as (
    select p.submission_key, p.other_key
    from pairs as p
    inner join people as a on a.submission_key = p.submission_key
    inner join people as b on b.submission_key = p.other_key and b.full_name_letters_key = a.full_name_letters_key
    inner join names as n on n.submission_key = p.submission_key
    inner join names as m on m.submission_key = p.other_key
    group by p.submission_key, p.other_key, n.name_count, m.name_count
    having count(distinct a.full_name_letters_key) * 2 >= least(n.name_count, m.name_count)
),

-- a unit may be written by its code or its name; a word that is neither says nothing
units as (
    select unit_code_fold as word, unit_id from {{ source('context', 'units') }}
    union -- each once
    select unit_name_fold as word, unit_id from {{ source('context', 'units') }}
),

signs as (
    select distinct 'unit' as sign, r.submission_key, coalesce(u.unit_id, '') as said
    from rows_of as r
    left join units as u on u.word = {{ bare('r.unit_word') }}
    union all
    select distinct 'course' as sign, submission_key, coalesce(programme_key, '') as said
    from rows_of
    where dataset_code = 'training'
),

spoken as (
    select sign, submission_key from signs group by sign, submission_key having min(said) <> ''
),

same_sign as (
    select distinct a.sign, p.submission_key, p.other_key
    from pairs as p
    inner join signs as a on a.submission_key = p.submission_key
    inner join signs as b on b.submission_key = p.other_key and b.sign = a.sign and b.said = a.said
)

select distinct p.submission_key, p.other_key
from pairs as p
inner join spoken as a on a.submission_key = p.submission_key
inner join spoken as b on b.submission_key = p.other_key and b.sign = a.sign
left join same_sign as s on s.submission_key = p.submission_key and s.other_key = p.other_key and s.sign = a.sign
left join in_both as i on i.submission_key = p.submission_key and i.other_key = p.other_key
left join same_names as n on n.submission_key = p.submission_key and n.other_key = p.other_key
where s.sign is null and i.submission_key is null and n.submission_key is null
