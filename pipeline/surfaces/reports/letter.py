"""Who signs, and what stands at the top and the end of a report for that.

What does not belong here: who it is (the city's registry says so), and how it is drawn.
"""

import datetime as dt
from dataclasses import dataclass

from pipeline.surfaces.reports.document import PARTY, STATE, Letterhead, Signature
from pipeline.surfaces.reports.figures import Figures, Unit

BLANK_NUMBER, BLANK_SIGN, BLANK_PLACE, BLANK_NAME = "      ", "……", "……………", "……………………"


@dataclass(frozen=True)
class Signer:
    """Who signs, as what, and what stands in the head: a row of the city's registry; what is blank there is blank on paper."""

    side: str = PARTY
    above: str = ""
    issuer: str = ""
    number: str = ""
    sign: str = ""
    place: str = ""
    authority: str = ""
    post: str = ""
    name: str = ""
    recipients: str = ""


def letterhead(figures: Figures, unit: Unit, signer: Signer, day: dt.date, number: str) -> Letterhead:
    """What stands at the top."""
    parent = figures.units.get(unit.parent or "")
    # the day before the tenth and the first two months bear a nought, so that nobody writes a figure before them
    dated = f"{signer.place or BLANK_PLACE}, ngày {day.day:02} tháng {f'{day.month:02}' if day.month < 3 else day.month} năm {day.year}"
    return Letterhead(
        above=(signer.above or (parent.name if parent else "")).upper(),
        issuer=(signer.issuer or unit.name).upper(),
        number=number.format(number=_two_digits(signer.number) or BLANK_NUMBER, sign=signer.sign or BLANK_SIGN),
        place_and_day=dated,
    )


def _two_digits(number: str) -> str:
    """A number below ten bears a nought: 5 is 05, 5A is 05A."""
    return f"0{number}" if len(number) - len(number.lstrip("0123456789")) == 1 else number


def signature(signer: Signer) -> Signature:
    """What stands at the end."""
    said = [one.strip() for one in signer.recipients.split(";") if one.strip()] or ["……………………", "Lưu: ……………"]
    *others, last = said
    between = ";" if signer.side == STATE else ","
    return Signature(
        authority=tuple(line.strip() for line in signer.authority.split(";") if line.strip()) or (BLANK_NAME,),
        post=signer.post or BLANK_NAME,
        name=signer.name or BLANK_NAME,
        recipients=(*(f"- {one}{between}" for one in others), f"- {last}."),
    )
