{# Every rule of the warehouse, once; a test holds this list equal to models/rules. #}
{% macro warehouse_rules() -%}
    {{ return([
        'sender_known', 'period_begun', 'one_file_per_dataset', 'resubmission_keeps_rows', 'resubmission_keeps_people',
        'unit_known', 'unit_name_is_one', 'unit_within_sender',
        'one_primary_spell_per_day', 'rated_person_on_roster', 'status_bars_rating', 'unrated_reason_is_on_roster',
        'one_rating_per_person_and_period', 'one_row_per_fact', 'disciplined_is_not_completed',
        'needs_rating', 'share_within_cap', 'postings_do_not_overlap', 'nothing_during', 'longest_period', 'form_allowed',
        'present_elsewhere', 'sum_in_year', 'closed_by', 'state_effect_ends_after_12_months', 'unit_valid_on_day',
        'event_not_after_load', 'one_person_per_identity_number', 'numbers_beside_their_names',
        'one_number_per_person', 'person_told_apart', 'person_as_on_rosters',
    ]) }}
{%- endmacro %}

{# The shape of every rule: a fault is a row with its place; what passed or could not be asked is counted per submission.
   The CTE `asked` has one row per question: dataset_code, submission_key, sheet, row_no, unit_key, severity_code, of a rule of law rule_code and
   version_code, and the answer: PASSED, FAILED, or why it could not be asked (a code of the list `answer_reason`). A finding points at the
   column `column_name`, or, where each question has its own, at what `column_of` says. What `adds` says of a finding stands behind the rule's
   sentence; `nearest` names units like the word that failed, which only the sender reads. #}
{% macro answers(rule_code, column_name=none, column_of=none, adds=none, nearest=none) -%}
    {{ _answers("'" ~ rule_code ~ "'", 'cast(null as string)', column_name, column_of, adds, nearest) }}
{%- endmacro %}

{% macro answers_of_law(column_name) -%}
    {{ _answers('rule_code', 'version_code', column_name) }}
{%- endmacro %}

{% macro _answers(rule_code, version_code, column_name, column_of=none, adds=none, nearest=none) -%}
select
    {{ rule_code }} as rule_code, {{ version_code }} as version_code, dataset_code, submission_key, sheet, row_no,
    cast({% if column_name %}'{{ column_name }}'{% else %}{{ column_of or 'null' }}{% endif %} as string) as column_name,
    unit_key, severity_code, answer as answer_code, cast(null as string) as reason_code, cast(1 as bigint) as answer_count,
    cast({{ adds or 'null' }} as string) as adds_vi, cast({{ nearest or 'null' }} as string) as nearest_units
from asked
where answer = 'FAILED'
union all
select
    {{ rule_code }} as rule_code, {{ version_code }} as version_code, dataset_code, submission_key,
    cast(null as string) as sheet, cast(null as integer) as row_no,
    cast(null as string) as column_name, cast(null as string) as unit_key, cast(null as string) as severity_code,
    case when answer = 'PASSED' then answer else 'NOT_ASKED' end as answer_code,
    case when answer <> 'PASSED' then answer end as reason_code,
    cast(count(*) as bigint) as answer_count, cast(null as string) as adds_vi, cast(null as string) as nearest_units
from asked
group by {% if version_code == 'version_code' %}rule_code, version_code, {% endif %}dataset_code, submission_key, answer
having max(case when answer <> 'FAILED' then 1 end) = 1 -- as a condition on rows it would be asked of each of them twice, with all that the answer takes
{%- endmacro %}

{# Where a finding on a row stands; NULL unit and severity: the row names the unit, the catalogue the severity. #}
{% macro of_row(row, dataset_code) -%}
    '{{ dataset_code }}' as dataset_code, {{ row }}.submission_key, {{ row }}.sheet, {{ row }}.row_no,
    cast(null as string) as unit_key, cast(null as string) as severity_code
{%- endmacro %}

{# The same for a rule of law, judged by the version `law`. #}
{% macro of_law(row, dataset_code, law) -%}
    '{{ dataset_code }}' as dataset_code, {{ row }}.submission_key, {{ row }}.sheet, {{ row }}.row_no,
    cast(null as string) as unit_key, {{ law }}.severity_code, {{ law }}.rule_code, {{ law }}.version_code
{%- endmacro %}
