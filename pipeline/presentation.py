"""How what is known is shown to people, in Vietnamese: numbers, days, values, places, and the colours and fonts of what they get.

What does not belong here: what there is to say, and the labels of codes (codes.csv). What other programs read is written where it is made.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.codes import labels

# Of a workbook's cells, which show them by the settings of whoever opens it.
DAY_FORMAT, COUNT_FORMAT, SHARE_FORMAT = "dd/mm/yyyy", "#,##0", "0.00%"
SEPARATORS = str.maketrans(",.", ".,")  # dots between thousands and a comma before decimals, and the other way round
BLANK = "(trống)"
WHOLE_FILE = "Tệp"  # in the place of a dataset's title: what is said of no one dataset

FONT = "Arial"  # of what is answered
FORM_FONT = "Times New Roman"  # of what a unit fills in
DARK, ON_DARK, PALE = "#1F4E78", "#FFFFFF", "#DDEBF7"  # heads of tables: the ground and the letters of strong ones, the ground of others
SEVERITY_COLOURS = {"ERROR": "#FFC7CE", "WARNING": "#FFEB9C", "QUERY": PALE}
LINES, LINK = "#BFBFBF", "#0563C1"
TO_FILL = "#FFF9E5"  # where a unit is asked to write
WRONG, ON_WRONG, MISSING = "#FF7C80", "#7A0006", "#FFD5D5"  # a cell of a template, while it is typed
HINT, NOTE = "#595959", "#FFFFE1"


def number(value: float) -> str:
    """A whole number, with dots between its thousands.

    >>> number(53895), number(7)
    ('53.895', '7')
    """
    return f"{value:,.0f}".translate(SEPARATORS)


def hundredths(share: float, digits: int) -> Decimal:
    """A share in hundredths with so many decimals. A half goes away from nought, as in workbooks: of what the shortest decimal of the fraction says, for
    201 of 20.000 lies just below its own half once it is binary.

    >>> hundredths(201 / 20000, 2), hundredths(-5 / 32, 2)
    (Decimal('1.01'), Decimal('-15.63'))
    """
    return (Decimal(repr(float(share))) * 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def decimal(value: Decimal) -> str:
    """A number with all of its decimals, behind a comma.

    >>> decimal(Decimal("1.50")), decimal(Decimal("0.0000001"))
    ('1,50', '0,0000001')
    """
    return f"{value:f}".translate(SEPARATORS)


def percent(share: float, digits: int) -> str:
    """A share in hundredths, with a comma before its decimals.

    >>> percent(0.1843, 2), percent(5 / 32, 2), percent(201 / 20000, 2), percent(-5 / 32, 2)
    ('18,43%', '15,63%', '1,01%', '-15,63%')
    """
    return f"{decimal(hundredths(share, digits))}%"


def day(value: dt.date) -> str:
    """A day as it is written: the day before the month.

    >>> day(dt.date(2021, 2, 5))
    '05/02/2021'
    """
    return f"{value:%d/%m/%Y}"


def yes_or_no(value: bool) -> str:
    """What is so or not, within a line.

    >>> yes_or_no(True), yes_or_no(False)
    ('có', 'không')
    """
    return labels("boolean")["TRUE" if value else "FALSE"].lower()


def written(value: Any, code_list: str | None = None, precision: str | None = None) -> str | None:
    """A value as an officer writes it into a cell; None where there is none.

    >>> written(dt.date(1980, 5, 1)), written(dt.date(1980, 5, 1), precision="MONTH"), written(8.5), written(True)
    ('01/05/1980', '05/1980', '8,5', 'Có')
    >>> written("COMPLETED", "rating_level"), written("12-QĐ/ĐU"), written(None)
    ('Hoàn thành nhiệm vụ', '12-QĐ/ĐU', None)
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return labels("boolean")["TRUE" if value else "FALSE"]
    if isinstance(value, dt.date):
        return {"YEAR": f"{value:%Y}", "MONTH": f"{value:%m/%Y}"}.get(precision or "", day(value))
    if isinstance(value, float):
        return f"{value:g}".translate(SEPARATORS)
    return labels(code_list).get(value, str(value)) if code_list else str(value)


def told(value: Any, code_list: str | None = None) -> str:
    """A value within a line, where blank is a word too.

    >>> told(None), told(False), told(8.0)
    ('(trống)', 'không', '8')
    """
    if isinstance(value, bool):
        return yes_or_no(value)
    said = written(value, code_list)
    return BLANK if said is None else said


def place(cell: str | None, row_no: int | None) -> str:
    """Where something stands on its sheet: its cell, else its row; nothing where it is of no row.

    >>> place("E6", 6), place(None, 6), place(None, None)
    ('E6', 'dòng 6', '')
    """
    return cell or (f"dòng {row_no}" if row_no else "")


def verdict(submission: Mapping[str, Any]) -> str:
    """What became of a submission.

    >>> standing = {"is_withdrawn": False, "verdict_code": "ACCEPTED", "is_nil": False, "is_current": True}
    >>> verdict(standing), verdict(standing | {"is_current": False}), verdict(standing | {"verdict_code": "REFUSED"})
    ('được nhận', 'được nhận, có bản khác thay', 'bị từ chối')
    """
    if submission["is_withdrawn"]:
        return "đã rút"
    if submission["verdict_code"] == "REFUSED":
        return "bị từ chối"
    return "không phát sinh" if submission["is_nil"] else "được nhận" if submission["is_current"] else "được nhận, có bản khác thay"


def why_kept_out(counts: Mapping[str, int]) -> list[str]:
    """Why rows are kept and not in the figures: each reason with its rows, in the order of their list."""
    return [f"{label.lower()}: {counts[reason]}" for reason, label in labels("kept_out_reason").items() if counts.get(reason)]


def both(description: str) -> tuple[str, str]:
    """What stands as “Vietnamese / English”, apart; what has no English has a blank one.

    >>> both("Số người / Persons"), both("Số người")
    (('Số người', 'Persons'), ('Số người', ''))
    """
    vi, _, en = " ".join(description.split()).partition(" / ")
    return vi, en


def vietnamese(description: str) -> str:
    """Of a description what people here read."""
    return both(description)[0]


def header(description: str) -> str:
    """What a column is called where it is shown: the first line of its description, without the sign that leads to the second one.

    >>> header("Số người:\\ntheo danh sách (cuối kỳ) / Persons, by the roster"), header("Số người (cuối kỳ) / Persons")
    ('Số người', 'Số người (cuối kỳ)')
    """
    return vietnamese(description.partition("\n")[0]).rstrip(" ;:.")


def figure(value: float | None, shown_as: str) -> str:
    """A metric's figure as people read it; blank where it is not known.

    >>> figure(0.18431, "share"), figure(53895, "count"), figure(2.356, "rate"), figure(None, "count")
    ('18,43%', '53.895', '2,36', '')
    """
    if value is None:
        return ""
    if shown_as == "share":
        return percent(value, 2)
    return number(value) if shown_as == "count" else f"{value:,.2f}".translate(SEPARATORS)
