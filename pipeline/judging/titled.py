"""Names of files and sheets, titles and headings that say something else of rows than what these were taken for.

What does not belong here: what a title means (titles.py), where it stands (intake), and the rules' sentences (schemas/files.py).
"""

from pathlib import Path

from pipeline.codes import labels
from pipeline.intake.legends import is_legend
from pipeline.intake.level_headers import says_not_decided
from pipeline.intake.purposes import not_understood, words_of_titles
from pipeline.intake.readings import Note, Table
from pipeline.judging.layouts import spoken
from pipeline.ledger.records import Line
from pipeline.schemas import SCHEMAS
from pipeline.spans import may_be_of_another_span
from pipeline.spoken_lists import Lists
from pipeline.title_words import line as words_of
from pipeline.titles import (
    NUMBERED,
    columns_spoken_of,
    is_of_period,
    of_other_people,
    other_levels,
    other_system,
    says_other_period,
    systems_of_column,
    times_said,
)

BY_WORDS = Lists(spoken(SCHEMAS))


def notes_of_titles(line: Line, sheet: str, table: Table) -> list[Note]:
    """Names, titles and headings that say something else of rows than what these were taken for."""
    names, is_ratings, told = [Path(line.path).stem, *([sheet] if sheet else [])], table.dataset == "ratings", []
    contradicted = {h.row_no for h in table.headings if h.is_contradicted}
    of_table = (table.header_row, names, table.titles, table.filled, table.levels)
    of_headings: list[tuple[int, list[str], list[str], frozenset[str], frozenset[str | None]]] = [
        (h.row_no, [], [h.text], h.filled, h.levels) for h in table.headings
    ]
    for row_no, named, titles, filled, levels in [of_table, *of_headings]:
        of_list = titles if named else [title for title in titles if is_of_period(title)]
        rules = [*table.not_counted] if named else []
        if named and table.form and table.form.is_confirmed and BY_WORDS.called([], titles) not in (None, table.dataset):
            rules.append("form_of_another_list")
        if line.period and "period" not in filled:
            is_named = is_ratings and bool(named) and not table.is_by_time
            is_read = (
                bool(titles) and table.said_above.get("period", line.period) != line.period if named else _is_read_as_said(table, titles[0])
            )
            if (
                not is_read
                and {"rated_year_or_quarter", "list_of_folder_year"}.isdisjoint(rules)
                and (
                    says_other_period(line.period, named, of_list, is_ratings)
                    or (is_named and (may_be_of_another_span(line.period, named, titles) or _is_of_a_stage(table)))
                )
            ):
                rules.append("title_of_folder_period")
        if is_ratings and "rating_system_code" not in filled and "title_of_ratings" not in rules and other_system(named, titles):
            rules.append("title_of_rating_system")
        if named and is_ratings and "title_of_ratings" not in rules and "title_of_rating_system" not in rules and _rates_others(table):
            rules.append("title_of_rating_system")
        is_roster = table.dataset == "personnel" and "roster_is_whole" not in rules
        is_of_others = is_roster and not named and BY_WORDS.are_another("personnel", [], titles)
        if is_of_others or (is_roster and any(columns_spoken_of(text) - filled for text in (*named, *titles))):
            rules.append("heading_in_columns")
        if (
            is_ratings
            and "not_rated_reason_code" not in filled
            and any(other_levels(s, levels, not named) for s in (*named, *titles) if s not in table.legend and not is_legend(s))
        ):
            rules.append("heading_in_columns")
        if not named and row_no in contradicted:
            rules.append("heading_in_columns")
        is_told = not {"heading_in_columns", "title_of_rating_system"}.isdisjoint(rules)
        if not named and not is_told and row_no > table.header_row and _says_more(table, titles[0]):
            rules.append("heading_in_columns")
        is_of_members = (
            "rating_system_code" not in filled or "rating_system_code" in table.said_above or (not named and _is_of_members(table))
        )
        is_of_people = table.dataset == "personnel" or (is_ratings and is_of_members)
        is_group = row_no <= table.header_row and not named  # above columns of the header
        if is_of_people and not is_group and any(of_other_people(text, is_ratings) for text in (*named, *titles)):
            rules.append("title_of_people_counted")
        told += [Note(rule, sheet, row_no) for rule in dict.fromkeys(rules)]
        is_asked = (
            named
            and not table.not_counted
            and not table.goes_on
            and "title_of_people_counted" not in rules
            and not (table.form and table.form.is_confirmed)
        )
        if is_asked and (at := not_understood(table)):
            told.append(Note("title_understood", sheet, at.row_no, cell=at.cell, value=at.text))
    return told


OF_ROWS = ("UNDONE", "ENDED", "PROPOSED", "STAGE", "PAY", "MATTER", "OTHERS")  # what a heading says of the rows below it


def _says_more(table: Table, heading: str) -> bool:
    """Whether a heading, or the title of a list below with the same columns, says what would keep a list with such a title from being counted as this
    one is; of ratings also whom it rates, where the list's own title said that of somebody else."""
    text = NUMBERED.sub("", heading)
    said = words_of(text, table.dataset or "")
    if said.is_letterhead:
        return table.dataset == "ratings" and says_not_decided(text)
    whom = {code for does, code, _ in said.said if does == "WHO"} - {""}
    # below a title of members “II. Giáo viên” is a group of them; a list of its own, or of collectives, is none
    is_list = bool(said.does("CALLS", "RATED")) or "COLLECTIVE" in whom or _are_beside_members(table)
    is_of_others = bool(whom) and is_list and "PARTY_MEMBER" not in whom and _is_of_members(table)
    return bool(said.does(*OF_ROWS)) or is_of_others


def _are_beside_members(table: Table) -> bool:
    """Whether another heading says that those below it are members: then what says “Viên chức” beside it is no group of them."""
    said = [words_of(NUMBERED.sub("", h.text), table.dataset) for h in table.headings]
    return any({code for does, code, _ in of.said if does == "WHO"} == {"PARTY_MEMBER"} for of in said)


def _rates_others(table: Table) -> bool:
    """Whether the column of levels is called by others than whom the rows are read as."""
    said, known = systems_of_column(table.rated), labels("rating_system")
    read = table.said_above.get("rating_system_code", known["PARTY_MEMBER"])
    return bool(said) and "rating_system_code" not in table.letters and {known.get(code) for code in said} != {read}


def _is_read_as_said(table: Table, heading: str) -> bool:
    """Whether the rows below a heading are read as of the year or quarter that it says."""
    years, parts = times_said([heading]) if table.dataset == "ratings" and is_of_period(heading) else (set[str](), set[str]())
    return len(parts or years) == 1 and {*(parts or years)} <= {*table.values.get("period", ())}


def _is_of_members(table: Table) -> bool:
    """Whether a list rates members because its title says so, or nothing says another."""
    said = {*table.values.get("rating_system_code", ())} - {None, labels("rating_system")["PARTY_MEMBER"]}
    return table.dataset == "ratings" and "rating_system_code" not in table.letters and not said


def _is_of_a_stage(table: Table) -> bool:
    """Whether a title or the sheet's name speaks of a stage, or of a part of a year in words. What was sent a second time, a file's name may say."""
    said = words_of_titles(table) + ([words_of(table.sheet, "ratings")] if table.sheet else [])
    return any(text.does("STAGE", "PART") for text in said)
