"""Which changed figures of the city a notice tells as numbers: none that tells of one to four people, by itself or by a subtraction.

Figures of one table and year are related (a total is the sum of its levels, a share is of two of them), so they are told together or not at all. What
does not belong here: reading the figures, and the words around them (notices_said.py).
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pipeline.presentation import both, figure, vietnamese

Figures = dict[str, float | None]  # “metric year” → the city's
FEW = 5  # people: fewer are not told of over a network
SAME = 1e-9
# Never a number: sums of hours and medians may be one person's; what hangs on the year before too would give what was withheld of that year.
NEVER = {"training_hours", "training_hours_of_staff", "rotation_median_months", "rotations_running", "discipline_change"}
OF_UNITS = "units_silent_on_"  # how metrics begin that are of units, not of people: always told
# What is left of the first without the others: people who are counted, though no figure is of them alone.
RESTS = (
    *(("rated", level) for level in ("excellent", "good_inclusive", "good_exclusive", "completed", "not_completed")),
    ("rated", "good_inclusive", "completed", "not_completed"),
    ("good_inclusive", "excellent"),
    ("good_inclusive", "excellent", "good_exclusive"),
    ("population", "rated"),
    ("population", "rated", "not_rated"),
    ("persons_disciplined", "reprimanded", "warned", "removed", "expelled"),
    ("postings_started", "rotations_started"),
    ("attendances", "persons_trained"),
)


@dataclass(frozen=True)
class Tell:
    """What changed, as it may be told; and what was told as numbers."""

    changed: list[dict[str, Any]]
    told: Figures


def is_few(people: float) -> bool:
    """Whether it tells of so few that it is not told.

    >>> is_few(0), is_few(-1), is_few(4), is_few(5)
    (False, True, True, False)
    """
    return SAME < abs(people) < FEW - SAME


def changed_of(now: Figures, before: Figures, told: Figures, metrics: dict[str, Any], blocks: dict[str, str]) -> Tell:
    """Figures that are not what they were, each with its words and what stands below its line. `told`: what was last told of each as a number: a
    change that was too small to be told is not to be had from the next one. `blocks`: the table of each metric."""
    found: list[dict[str, Any]] = []
    says: Figures = {}
    together: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in {*now, *before}:
        name, year = key.split()
        if name in metrics and metrics[name].shown_as == "count" and name not in NEVER and not name.startswith(OF_UNITS):
            together[blocks.get(name, ""), year].add(name)
    open_blocks = {block for block, names in together.items() if _may_be_told(names, block[1], now, before, told)}
    for key in sorted({*now, *before}, key=lambda key: (key.split()[1], key)):
        name, year = key.split()
        metric = metrics.get(name)
        if metric is None:
            continue
        shown = [_shown(value, metric.shown_as) for value in (before.get(key), now.get(key))]
        if shown[0] == shown[1]:  # 5,41% → 5,41% is no change to who reads it
            continue
        is_open = name not in NEVER and metric.shown_as in ("count", "share") and (blocks.get(name, ""), year) in open_blocks
        if is_told := is_open or name.startswith(OF_UNITS):
            says[key] = now.get(key)
        label, english = both(metric.label)
        of = vietnamese(metric.denominator) if metric.denominator else None
        given: tuple[str | None, ...] = tuple(shown) if is_told else (None, None)
        found.append(
            {"metric": name, "year": int(year), "label": label, "label_en": english, "denominator": of, "before": given[0], "after": given[1], "is_withheld": not is_told}
        )  # fmt: skip
    return Tell(found, says)


def _may_be_told(names: set[str], year: str, now: Figures, before: Figures, told: Figures) -> bool:
    """Whether every count of a table's year, and what is left of one without others, is nobody or enough, and so is each change of it."""
    for first, *less in (*((name,) for name in names), *(rest for rest in RESTS if names.issuperset(rest))):
        points = []
        for at in (now, before, {**before, **told}):
            values = [at.get(f"{name} {year}") or 0 for name in (first, *less)]
            points.append(values[0] - sum(values[1:]))
        if any(is_few(point) for point in points) or any(is_few(one - other) for one, other in combinations(points, 2)):
            return False
    return True


def _shown(value: float | None, shown_as: str) -> str:
    return "chưa có" if value is None else figure(value, shown_as)
