{# Whether a code is one of a list of the rule book: codes beside a stroke. #}
{% macro one_of(code, codes) -%}
    concat('|', {{ codes }}, '|') like concat('%|', {{ code }}, '|%')
{%- endmacro %}

{# Whether a version of the rule book holds on a day, and speaks of a subject: one of the codes in `subject_codes`, all where it is blank. #}
{% macro governs(law, day, subject=none) -%}
    {{ day }} >= coalesce({{ law }}.valid_from, date '0001-01-01') and {{ day }} <= {{ end_of(law ~ '.valid_to') }}
    {%- if subject %}
    and ({{ law }}.subject_codes is null or {{ one_of(subject, law ~ '.subject_codes') }})
    {%- endif %}
{%- endmacro %}

{# The last day of a year: the day by which a rating of the year is judged. #}
{% macro year_end(year) -%}
    make_date({{ year }}, 12, 31)
{%- endmacro %}

{# Whether a member has the status that a law bars from being rated, as the roster's last spell `s` tells it of the rating `r`; NULL where it
   does not say. Exempt is who is so on the period's last day, suspended or new on the day of the rating. #}
{% macro has_status(law, r, s) -%}
    case {{ law }}.scope_code
        when 'EXEMPT' then
            case when {{ s }}.tells_exempt then {{ covers_day(r ~ '.period_to', s ~ '.exempt_from', s ~ '.exempt_to') }} end
        when 'SUSPENDED' then
            case when {{ s }}.tells_suspended then {{ covers_day(r ~ '.rated_on', s ~ '.suspended_from', s ~ '.suspended_to') }} end
        when 'NEW_LT_6M' then
            case
                when {{ months_between(s ~ '.party_joined_on', r ~ '.rated_on') }} < {{ law }}.months then true
                when {{ months_between(latest_start(s ~ '.party_joined_on'), r ~ '.rated_on') }} >= {{ law }}.months then false
            end
    end
{%- endmacro %}

{# Why nobody can say whether a member has a status. #}
{% macro why_no_status(s) -%}
    case
        when {{ s }}.person_key is null then 'NO_ROSTER'
        when {{ s }}.scope_code = 'EXEMPT' and not {{ s }}.tells_exempt then 'ROSTER_SAYS_NOTHING'
        when {{ s }}.scope_code = 'SUSPENDED' and not {{ s }}.tells_suspended then 'ROSTER_SAYS_NOTHING'
        else 'DAY_UNKNOWN'
    end
{%- endmacro %}

{# Whether a person is, by the roster's last spell `s`, one whom a law speaks of: YES, NO, or why nobody can say. #}
{% macro is_spoken_of(law, s, code, unknown) -%}
    case
        when {{ law }}.roster_codes is null or {{ one_of(code, law ~ '.roster_codes') }} then 'YES'
        when {{ s }}.person_key is null then 'NO_ROSTER'
        when {{ code }} is null then '{{ unknown }}'
        else 'NO'
    end
{%- endmacro %}
