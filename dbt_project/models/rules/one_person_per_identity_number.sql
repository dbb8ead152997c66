-- Both senders are told: nobody can say which of them mistook the number. Where a sheet's numbers slipped, the sheet is told once.
with
conflicts as (
    select *, (is_other_name or is_other_birth) and not is_slipped as is_told from {{ ref('identity_conflicts') }}
),

numbers as (
    select identity_key, max(case when is_other_name and is_other_birth then 2 when is_told then 1 else 0 end) as weight
    from conflicts
    where is_told
    group by identity_key
),

-- of whoever only says the likelier, the likeliest row
others as (
    select identity_key, sender_code, min(likeliest_first) as likeliest_first
    from conflicts
    group by identity_key, sender_code
    having max(case when is_told then 1 else 0 end) = 0
),

asked as (
    select
        n.dataset_code, n.submission_key, n.sheet, n.row_no, cast(null as string) as unit_key,
        case when m.weight = 2 then 'ERROR' when m.weight = 1 then 'WARNING' end as severity_code,
        case
            when c.is_told or (m.identity_key is not null and o.likeliest_first = c.likeliest_first) then 'FAILED'
            when c.is_slipped or (n.full_name_letters_key is null and n.birth_date_year_key is null) then 'VALUE_UNKNOWN'
            else 'PASSED'
        end as answer
    from {{ ref('identity_names') }} as n
    left join conflicts as c on {{ same_row('c', 'n') }}
    left join numbers as m on m.identity_key = n.identity_key
    left join others as o on o.identity_key = c.identity_key and o.sender_code = c.sender_code
)

{{ answers('one_person_per_identity_number', 'identity_number') }}
