-- Rotations and secondments only: transfers and changes of position have no end. Imprecise and unknown days are held against nobody.
with
postings as (
    select
        p.*,
        {{ latest_start('p.posting_from') }} as latest_from,
        {{ end_of(earliest_end('p.posting_to')) }} as earliest_to,
        row_number() over (
            partition by p.person_key
            order by
                p.posting_from asc nulls last, v.record_rank desc nulls last, p.row_no desc nulls last, p.sheet desc nulls last
        ) as posting_no
    from {{ ref('whole_fct_rotation') }} as p
    inner join {{ ref('versions') }} as v on v.submission_key = p.submission_key
    where p.rotation_kind_code in ('ROTATION', 'SECONDMENT')
),

asked as (
    select
        {{ of_row('p', 'rotation') }},
        case
            when after.rotation_key is null or {{ end_of('p.posting_to') }} < after.posting_from then 'PASSED'
            when after.posting_from is null or p.earliest_to < after.latest_from then 'DAY_UNKNOWN'
            else 'FAILED'
        end as answer
    from postings as p
    left join postings as after on after.person_key = p.person_key and after.posting_no = p.posting_no + 1
)

{{ answers('postings_do_not_overlap', 'posting_to') }}
