{# Every rule of the warehouse, once; a test holds this list equal to models/rules. #}
{% macro warehouse_rules() -%}
    {{ return([
        'sender_known', 'one_file_per_dataset', 'resubmission_keeps_rows', 'resubmission_keeps_people', 'unit_known', 'unit_within_sender',
        'one_primary_spell_per_day', 'rated_person_on_roster', 'exempt_member_not_rated', 'suspended_member_not_rated',
        'new_member_not_rated', 'one_rating_per_person_and_period', 'one_row_per_fact', 'disciplined_is_not_completed',
        'member_excellent_needs_official_excellent', 'excellent_within_cap', 'postings_do_not_overlap', 'no_move_during_discipline',
        'unit_valid_on_day',
        'event_not_after_load', 'one_person_per_identity_number', 'numbers_beside_their_names',
        'one_number_per_person',
    ]) }}
{%- endmacro %}

{# The shape of every rule: a fault is a row with its place; what passed or could not be asked is counted per submission.
   The CTE `asked` has one row per question: dataset_code, submission_key, sheet, row_no, unit_key, severity_code, answer_code.
   A finding points at the column `column_name`, or, where each question has its own, at what `column_of` says. #}
{% macro answers(rule_code, column_name=none, column_of=none) -%}
select
    '{{ rule_code }}' as rule_code, dataset_code, submission_key, sheet, row_no,
    cast({% if column_name %}'{{ column_name }}'{% else %}{{ column_of or 'null' }}{% endif %} as string) as column_name,
    unit_key, severity_code, answer_code, cast(1 as bigint) as answer_count
from asked
where answer_code = 'FAILED'
union all
select
    '{{ rule_code }}' as rule_code, dataset_code, submission_key, cast(null as string) as sheet, cast(null as integer) as row_no,
    cast(null as string) as column_name, cast(null as string) as unit_key, cast(null as string) as severity_code,
    answer_code, cast(count(*) as bigint) as answer_count
from asked
where answer_code in ('PASSED', 'NOT_ASKED')
group by dataset_code, submission_key, answer_code
{%- endmacro %}

{# Where a finding on a row stands; NULL unit and severity: the row names the unit, the catalogue the severity. #}
{% macro of_row(row, dataset_code) -%}
    '{{ dataset_code }}' as dataset_code, {{ row }}.submission_key, {{ row }}.sheet, {{ row }}.row_no,
    cast(null as string) as unit_key, cast(null as string) as severity_code
{%- endmacro %}
