-- Numbers that stand with two names or two birth dates. What most rows of a number say is taken for its person's; of equally many,
-- what the roster says, then what the record says. A row that says otherwise is in conflict. Where its name is that of the number one row above or below, the
-- numbers of its sheet have slipped.
with
contested as (
    select identity_key
    from {{ ref('identity_names') }}
    group by identity_key
    having
        min(full_name_letters_key) <> max(full_name_letters_key) or min(full_name_key) <> max(full_name_key)
        or min(birth_date_year_key) <> max(birth_date_year_key) or min(birth_date_key) <> max(birth_date_key)
),

rows_of as (
    select
        r.*, v.sender_code,
        row_number() over (
            partition by r.identity_key
            order by case r.dataset_code when 'personnel' then 1 else 2 end asc nulls last, {{ record_order('v', 'r') }}
        ) as record_first
    from {{ ref('identity_names') }} as r
    inner join contested as c on c.identity_key = r.identity_key
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
),

-- how often each word stands, and where first
counted as (
    select
        r.*,
        case when full_name_letters_key is null then 0
            else count(*) over (partition by identity_key, full_name_letters_key) end as letters_count,
        min(record_first) over (partition by identity_key, full_name_letters_key) as letters_first,
        case when full_name_key is null then 0 else count(*) over (partition by identity_key, full_name_key) end as name_count,
        case when birth_date_year_key is null then 0
            else count(*) over (partition by identity_key, birth_date_year_key, birth_date_key) end as birth_count
    from rows_of as r
),

ordered as (
    select
        c.*,
        row_number() over (
            partition by identity_key
            order by
                letters_count desc nulls last, letters_first asc nulls last, name_count desc nulls last, birth_count desc nulls last,
                record_first asc nulls last
        ) as likeliest_first
    from counted as c
),

persons as (
    select
        identity_key
        {% for column in ['full_name_letters_key', 'full_name_key', 'birth_date_year_key', 'birth_date_key'] %}
        , min_by({{ column }}, case when {{ column }} is not null then likeliest_first end) as {{ column }}
        {% endfor %}
    from ordered
    group by identity_key
),

held as (
    select
        o.*,
        coalesce(o.full_name_letters_key <> p.full_name_letters_key or o.full_name_key <> p.full_name_key, false) as is_other_name,
        coalesce(o.birth_date_year_key <> p.birth_date_year_key or o.birth_date_key <> p.birth_date_key, false) as is_other_birth
    from ordered as o
    inner join persons as p on p.identity_key = o.identity_key
),

-- sheets with a few names in conflict, all their rows: whose name belongs to the number above or below?
suspected as (
    select submission_key, coalesce(sheet, '') as sheet_word, count(*) as conflict_count
    from held
    where is_other_name
    group by submission_key, coalesce(sheet, '')
    having count(*) >= 3
),

neighbours as (
    select
        n.submission_key, n.sheet, n.row_no, n.full_name_letters_key, s.conflict_count,
        lag(coalesce(p.full_name_letters_key, n.full_name_letters_key)) over (
            partition by n.submission_key, n.sheet order by n.row_no asc nulls last) as name_above,
        lead(coalesce(p.full_name_letters_key, n.full_name_letters_key)) over (
            partition by n.submission_key, n.sheet order by n.row_no asc nulls last) as name_below
    from {{ ref('identity_names') }} as n
    inner join suspected as s on s.submission_key = n.submission_key and s.sheet_word = coalesce(n.sheet, '')
    left join persons as p on p.identity_key = n.identity_key
),

slips as (
    select
        n.*,
        count(*) over (partition by n.submission_key, n.sheet) as slip_count,
        min(n.row_no) over (partition by n.submission_key, n.sheet) as first_slip
    from neighbours as n
    inner join held as h on {{ same_row('h', 'n') }} and h.is_other_name
    where n.full_name_letters_key = n.name_above or n.full_name_letters_key = n.name_below
),

slipped as (
    select submission_key, sheet, row_no, row_no = first_slip as is_first_slip
    from slips
    where slip_count >= 3 and slip_count * 2 >= conflict_count
)

select
    h.dataset_code, h.submission_key, h.sheet, h.row_no, h.identity_key, h.sender_code, h.likeliest_first,
    h.is_other_name, h.is_other_birth, s.row_no is not null as is_slipped, coalesce(s.is_first_slip, false) as is_first_slip
from held as h
left join slipped as s on {{ same_row('s', 'h') }}
