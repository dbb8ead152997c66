"""How cells look, added to a workbook's own styles: what our sheets look like, and a cell of the unit's in another colour.

What does not belong here: which cells look how, and the colours themselves (presentation.py).
"""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.answers.returned.package import NotPlain, Package, attributes, tags, within
from pipeline.presentation import DARK, FONT, LINES, LINK, ON_DARK


@dataclass(frozen=True, eq=False)  # one is told from another by being another: asked for every cell
class Look:
    """How a cell of ours looks."""

    font: str = ""
    fill: str | None = None  # a colour
    has_lines: bool = False
    alignment: str = ""
    is_locked: bool = True


def argb(colour: str) -> str:
    """A colour as workbooks write it.

    >>> argb("#1F4E78")
    'FF1F4E78'
    """
    return f"FF{colour.removeprefix('#')}"


PLAIN = Look()
TITLE = Look(font=f'<font><b/><sz val="14"/><name val="{FONT}"/></font>')
_WRAPPED = '<alignment vertical="top" wrapText="1"/>'
WORDS = Look(alignment=_WRAPPED)
HEAD = Look(
    f'<font><b/><sz val="11"/><color rgb="{argb(ON_DARK)}"/><name val="{FONT}"/></font>',
    DARK,
    True,
    '<alignment horizontal="center" vertical="center" wrapText="1"/>',
)
CELL = Look(has_lines=True, alignment=_WRAPPED)
LEADS = Look(f'<font><u/><sz val="10"/><color rgb="{argb(LINK)}"/><name val="{FONT}"/></font>', None, True, _WRAPPED)
_LINE = "".join(f'<{side} style="thin"><color rgb="{argb(LINES)}"/></{side}>' for side in ("left", "right", "top", "bottom"))
BORDER = f"<border>{_LINE}<diagonal/></border>"


@cache
def _ground(colour: str) -> str:
    return f'<fill><patternFill patternType="solid"><fgColor rgb="{argb(colour)}"/></patternFill></fill>'


class Looks:
    """The styles of one workbook, and what is added to them."""

    def __init__(self, package: Package):
        self._package = package
        self._text = package.read(package.styles)
        self._lists = {name: _children(self._text, name) for name in ("fonts", "fills", "borders", "cellXfs")}
        self._own = {name: len(children) for name, children in self._lists.items()}
        self._places: dict[tuple[str, str], int] = {}
        self._said: dict[tuple[Look, bool], str] = {}

    def said(self, look: Look, is_quoted: bool = False) -> str:
        """A cell's attribute that gives it a look of ours, with a space before it; `is_quoted`: text that stays text whatever it begins with."""
        if (known := self._said.get((look, is_quoted))) is None:
            is_plain = look is PLAIN and not is_quoted
            known = self._said[look, is_quoted] = "" if is_plain else f' s="{self._of(look, is_quoted)}"'
        return known

    def _of(self, look: Look, is_quoted: bool) -> int:
        font = self._place("fonts", look.font) if look.font else 0
        fill = self._place("fills", _ground(look.fill)) if look.fill else 0
        border = self._place("borders", BORDER) if look.has_lines else 0
        inside = look.alignment + ("" if look.is_locked else '<protection locked="0"/>')
        said = f'numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" applyFill="1" applyBorder="1"'
        said += (' applyAlignment="1"' if look.alignment else "") + ("" if look.is_locked else ' applyProtection="1"')
        said += ' quotePrefix="1"' if is_quoted else ""
        return self._place("cellXfs", f"<xf {said}>{inside}</xf>")

    def coloured(self, style: int, colour: str) -> int:
        """A style of theirs on another ground."""
        xf = self._theirs("cellXfs", style)
        fill = self._place("fills", _ground(colour))
        xf = re.sub(r"""\s(?:fillId|applyFill)\s*=\s*(?:"[^"]*"|'[^']*')""", "", xf)
        return self._place("cellXfs", re.sub(r"\A<xf", f'<xf fillId="{fill}" applyFill="1"', xf))

    def ground(self, style: int) -> str:
        """In words the ground of a style of theirs, so that it can be put back: kind of colour, colour, tint; blank where it has none."""
        number = next((attributes(xf[1]).get("fillId", "0") for xf in tags("xf", self._theirs("cellXfs", style))), "0")
        fill = self._theirs("fills", int(number))
        kind, colour = tags("patternFill", fill), tags("fgColor", fill)
        if not kind or not colour or attributes(kind[0][1]).get("patternType") != "solid":
            return ""
        said = attributes(colour[0][1])
        of = next((name for name in ("rgb", "theme", "indexed") if name in said), None)
        return f"{of} {said[of]} {said.get('tint', '0.0')}" if of else ""

    def save(self) -> None:
        """Put what was added into the workbook."""
        text = self._text
        for name, children in self._lists.items():
            if added := "".join(children[self._own[name] :]):
                begin, end = within(name, text)
                (tag,) = tags(name, text)
                said = re.sub(r"""\scount\s*=\s*(?:"[^"]*"|'[^']*')""", "", tag[0])
                opened = re.sub(rf"\A<{name}", f'<{name} count="{len(children)}"', said)
                text = text[: tag.start()] + opened + text[begin:end] + added + text[end:]
        self._package.write(self._package.styles, text)

    def _theirs(self, name: str, number: int) -> str:
        if number >= len(self._lists[name]):
            raise NotPlain
        return self._lists[name][number]

    def _place(self, name: str, xml: str) -> int:
        """Where a child of a list stands; at its end where it is new."""
        if (name, xml) not in self._places:
            self._places[name, xml] = len(self._lists[name])
            self._lists[name].append(xml)
        return self._places[name, xml]


def _children(text: str, name: str) -> list[str]:
    """The elements of a list of styles, each whole."""
    begin, end = within(name, text)
    inside, child = text[begin:end], {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}[name]
    found, at = [], 0
    for tag in tags(child, inside):
        if tag.start() < at or inside[at : tag.start()].strip():
            raise NotPlain
        at = tag.end() if tag[0].endswith("/>") else inside.index(f"</{child}>", tag.end()) + len(child) + 3
        found.append(inside[tag.start() : at])
    if inside[at:].strip() or not found:
        raise NotPlain
    return found
