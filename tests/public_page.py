"""Writes into docs/public.md what report tables say of their own figures: `python tests/public_page.py`. A test says when the page is stale (test_public.py).

What does not belong here: the page's own sentences.
"""

from pipeline.paths import PROJECT
from pipeline.surfaces.declared import declared

PAGE = PROJECT / "docs" / "public.md"
BEGIN, END = "<!-- tables: written by tests/public_page.py -->\n", "<!-- end of tables -->"


def tables() -> str:
    """Each table with what it counts, how it gets coarser, and what stays."""
    lines = []
    for name, own in declared().items():
        lines += [f"**{own.sheet}** (`{name}`)", ""]
        if own.sets:
            lines.append(f"- counts people: {', '.join(f'`{c}`' for c in own.sets)}")
        if own.copies:
            lines.append(f"- counts them again, and follows `{own.copies.model}`: {', '.join(f'`{c}`' for c in own.copies.columns)}")
        lines += [
            f"- step {n}: " + " ‖ ".join(" ".join(text.split()).replace("REST", "*the rest*") for text in detail)
            for n, detail in enumerate(own.details, 1)
        ]
        if own.along:
            lines.append(f"- told along: {', '.join(f'`{c}` with {_and(a.of)}' for c, a in own.along.items())}")
        if own.change:
            lines.append(f"- told where both years are: {', '.join(f'`{c}`' for c in own.change)}")
        if own.flow:
            lines.append(f"- over the years: {own.flow.replace('BEFORE', 'the year before')}")
        if own.in_house:
            lines.append(f"- stays in the house: {', '.join(f'`{c}`' for c in own.in_house)}")
        lines.append("")
    return "\n".join(lines)


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)


def page(text: str) -> str:
    """The page with its tables as they are now."""
    before, _, behind = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables()}\n{END}{behind.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
