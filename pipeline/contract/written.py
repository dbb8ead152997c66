"""Every generated file, and its writing.

What does not belong here: what stands in one (models, units_page, rules_page, catalogue).
"""

from pathlib import Path

from pipeline.codes import code_lists
from pipeline.contract import catalogue, models, wide_models
from pipeline.contract.metrics_page import metrics_page
from pipeline.contract.rules_page import rules_page
from pipeline.contract.units_page import units_page
from pipeline.paths import DBT_PROJECT, PROJECT, SEEDS
from pipeline.schemas import SCHEMAS


def generated() -> dict[Path, str]:
    """Every generated file with its text. Raises LookupError where a dataset is in one list and not in the other."""
    listed = {code.code for code in code_lists()["dataset"]}
    if halves := sorted(listed ^ SCHEMAS.keys()):
        raise LookupError(f"{', '.join(halves)}: a dataset stands both in schemas/__init__.py and, with its names, in seeds/codes.csv.")
    plain = models.generated()
    return {
        **{DBT_PROJECT / path: text for path, text in (plain | wide_models.generated(plain)).items()},
        SEEDS / "rules.csv": catalogue.rule_catalogue(),
        PROJECT / "docs" / "units.md": units_page(),
        PROJECT / "docs" / "rules.md": rules_page(),
        PROJECT / "docs" / "metrics.md": metrics_page(),
    }


def write() -> list[Path]:
    """Write what is stale, and take away what was generated once and follows from nothing any more; returns which."""
    wanted = generated()
    stale = {path: text for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text}
    gone = [
        path for path in (DBT_PROJECT / "models").rglob("*.*") if path not in wanted and models.GENERATED in path.read_text("utf-8")[:200]
    ]
    for path in gone:
        path.unlink()
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [*stale, *gone]
