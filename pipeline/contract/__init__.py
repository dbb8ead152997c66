"""What is generated from the schemas, each file whole: dbt's sources and plain models, the rule catalogue, the pages for units.

`make contract` writes them; a test fails when one is stale. What does not belong here: anything written by hand.
"""

from pathlib import Path

from pipeline.contract import catalogue, models, pages
from pipeline.paths import DBT_PROJECT, PROJECT, SEEDS


def generated() -> dict[Path, str]:
    """Every generated file with its text."""
    return {
        **{DBT_PROJECT / path: text for path, text in models.generated().items()},
        SEEDS / "rules.csv": catalogue.rule_catalogue(),
        PROJECT / "docs" / "units.md": pages.units_page(),
        PROJECT / "docs" / "rules.md": pages.rules_page(),
    }


def write() -> list[Path]:
    """Write what is stale; returns which."""
    stale = {path: text for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [*stale]
