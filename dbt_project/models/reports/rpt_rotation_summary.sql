-- Running are rotations and secondments alone: transfers and changes of position are events without an end.
with
years as (
    select period_from, period_to, year from {{ source('context', 'periods') }} where period_type_code = 'YEAR'
),

postings as (
    select
        y.year, b.ancestor_unit_key as unit_key, r.rotation_kind_code, r.months,
        r.posting_from >= y.period_from as is_started,
        r.posting_to <= y.period_to as is_ended,
        r.rotation_kind_code in ('ROTATION', 'SECONDMENT') and {{ end_of('r.posting_to') }} > y.period_to as is_running
    from {{ ref('whole_fct_rotation') }} as r
    inner join {{ ref('versions') }} as v on v.submission_key = r.submission_key
    -- an unknown first day: running in the year that it was sent for, begun in none
    inner join years as y on coalesce(r.posting_from, v.period_from) <= y.period_to and {{ end_of('r.posting_to') }} >= y.period_from
    inner join {{ ref('dim_unit') }} as u on u.unit_version_key = r.unit_version_key
    {{ ancestors_on('u', 'least(greatest(coalesce(r.posting_from, y.period_from), y.period_from), y.period_to)') }}
),

counts as (
    select
        year, unit_key,
        {{ count_where('is_started') }} as started, {{ count_where('is_ended') }} as ended, {{ count_where('is_running') }} as running
        {% for kind in ['ROTATION', 'TRANSFER', 'SECONDMENT', 'POSITION_CHANGE'] %}
        , {{ count_where("is_started and rotation_kind_code = '" ~ kind ~ "'") }} as {{ kind | lower }}_started
        {% endfor %}
        , cast({{ median('case when is_ended then months end') }} as double) as median_months_ended
    from postings
    group by year, unit_key
)

select
    y.year, u.unit_key, u.unit_code, u.unit_type_code, u.unit_name
    {% for measure in ['started', 'ended', 'running', 'rotation_started', 'transfer_started', 'secondment_started', 'position_change_started'] %}
    , {{ where_answered('c.' ~ measure) }} as {{ measure }}
    {% endfor %}
    , case when a.unit_key is not null then c.median_months_ended end as median_months_ended
    , coalesce(silent.units_without_answer, 0) as units_without_answer
{{ from_every_unit('rotation') }}
left join counts as c on c.year = y.year and c.unit_key = u.unit_key
