with
stretches as (
    select
        {{ key(['unit_id', 'valid_from']) }} as unit_version_key,
        {{ key(['unit_id']) }} as unit_key,
        case when parent_unit_id is not null then {{ key(['parent_unit_id']) }} end as parent_unit_key,
        unit_code, unit_name, unit_type_code, valid_from, valid_to,
        row_number() over (partition by unit_id order by valid_from desc nulls last) = 1 as is_newest
    from {{ source('context', 'units') }}
),

-- a section can move while its cells stay as they are: of several bases the stretch's last counts
above as (
    select
        unit_version_key, max(depth) as depth,
        max_by(
            case when ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL') then ancestor_unit_key end,
            case when ancestor_unit_type_code in ('BASE_COMMITTEE', 'BASE_CELL') then valid_from end
        ) as base_unit_key
    from {{ ref('bridge_unit_ancestor') }}
    group by unit_version_key
)

select
    s.unit_version_key, s.unit_key, s.unit_code, s.unit_name, s.unit_type_code,
    t.label_vi as unit_type_label_vi, t.label_en as unit_type_label_en,
    s.parent_unit_key, a.base_unit_key, a.depth, s.valid_from, s.valid_to, s.is_newest
from stretches as s
inner join above as a on a.unit_version_key = s.unit_version_key
left join {{ ref('codes') }} as t on t.list = 'unit_type' and t.code = s.unit_type_code
