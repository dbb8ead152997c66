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

{# The same where only the month or year of a day may be known, or nothing: `may_govern` is whether it can be this version, `surely_governs`
   whether it can be no other. `day` has its `_precision_code` beside it. #}
{% macro may_govern(law, day, subject=none) -%}
    coalesce({{ day }}, date '0001-01-01') <= {{ end_of(law ~ '.valid_to') }}
    and coalesce({{ latest_start(day) }}, date '9999-12-31') >= coalesce({{ law }}.valid_from, date '0001-01-01')
    {%- if subject %}
    and ({{ law }}.subject_codes is null or {{ one_of(subject, law ~ '.subject_codes') }})
    {%- endif %}
{%- endmacro %}

{% macro surely_governs(law, day) -%}
    {{ day }} is not null and {{ day }} >= coalesce({{ law }}.valid_from, date '0001-01-01')
    and {{ latest_start(day) }} <= {{ end_of(law ~ '.valid_to') }}
{%- endmacro %}

{# The last day of a year: the day by which a rating of the year is judged. #}
{% macro year_end(year) -%}
    make_date({{ year }}, 12, 31)
{%- endmacro %}

{# Whether a member has the status that a law bars from being rated, as the roster's last spell `s` tells it of the rating `r`; NULL where it
   does not say. Exempt is who is so on the period's last day, suspended or new on the day of the rating, which lies between
   `rated_from` and `rated_on`. #}
{% macro has_status(law, r, s) -%}
    case {{ law }}.scope_code
        when 'EXEMPT' then
            case when {{ s }}.tells_exempt then {{ covers_day(r ~ '.period_to', s ~ '.exempt_from', s ~ '.exempt_to') }} end
        when 'SUSPENDED' then
            case
                when not coalesce({{ s }}.tells_suspended, false) then null
                when {{ s }}.suspended_from is null and {{ s }}.suspended_to is null then false
                when {{ r }}.rated_on < {{ s }}.suspended_from or {{ r }}.rated_from > {{ s }}.suspended_to then false
                when {{ covers_day(r ~ '.rated_from', s ~ '.suspended_from', s ~ '.suspended_to') }}
                    and {{ covers_day(r ~ '.rated_on', s ~ '.suspended_from', s ~ '.suspended_to') }} then true
            end
        when 'NEW_LT_6M' then
            case
                when {{ months_between(s ~ '.party_joined_on', r ~ '.rated_on') }} < {{ law }}.months then true
                when {{ months_between(latest_start(s ~ '.party_joined_on'), r ~ '.rated_from') }} >= {{ law }}.months then false
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

{# Whether a person is, by what the roster says in `s`, one whom a law speaks of: YES, NO, or why nobody can say. `codes`: where the law says it. #}
{% macro is_spoken_of(law, s, code, unknown, codes='roster_codes') -%}
    case
        when {{ law }}.{{ codes }} is null or {{ one_of(code, law ~ '.' ~ codes) }} then 'YES'
        when {{ s }}.person_key is null then 'NO_ROSTER'
        when {{ code }} is null then '{{ unknown }}'
        else 'NO'
    end
{%- endmacro %}
