"""Charts as inline SVG: a title and a description in words, no script, no letters inside that a phone would shrink. The table beside each says the
same numbers.

What does not belong here: which figures are drawn, and the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 1000  # units of a picture that is stretched to its place: wide enough that a thousandth is seen


@dataclass(frozen=True)
class Part:
    """A part of a bar: its class says its colour (style.css)."""

    kind: str
    value: float
    said: str


def stacked(name: str, title: str, parts: Sequence[Part]) -> Markup:
    """One bar of which each part is a share of all; empty where there is nothing to share.

    >>> print(stacked("a", "Levels", [Part("x", 1, "one"), Part("y", 3, "three")]))
    <svg class="bar" viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-labelledby="a-t a-d"><title id="a-t">Levels</title><desc id="a-d">one; three.</desc><rect class="x" x="0.0" width="250.0" height="40"/><rect class="y" x="250.0" width="750.0" height="40"/></svg>
    """
    total = sum(part.value for part in parts)
    if not total:
        return Markup("")
    drawn, x = [], 0.0
    for part in parts:
        width = WIDTH * part.value / total
        if part.value:
            drawn.append(f'<rect class="{part.kind}" x="{x:.1f}" width="{width:.1f}" height="40"/>')
        x += width
    return _picture("bar", f"0 0 {WIDTH} 40", name, title, f"{'; '.join(part.said for part in parts)}.", "".join(drawn))


def beside(share: float | None, title: str) -> Markup:
    """A short bar that stands in a row of a table, beside its number: a share of 0 to 1 of the whole length."""
    if share is None:
        return Markup("")
    width = f"{100 * min(max(share, 0), 1):.1f}"
    return Markup('<svg class="b" viewBox="0 0 100 9" preserveAspectRatio="none" role="img"><title>{}</title><rect class="of" width="100" height="9"/><rect class="excellent" width="{}" height="9"/></svg>').format(title, width)  # fmt: skip


def _picture(kind: str, box: str, name: str, title: str, said: str, drawn: str) -> Markup:
    return Markup(
        f'<svg class="{kind}" viewBox="{box}" preserveAspectRatio="none" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(said)}</desc>{drawn}</svg>'
    )
