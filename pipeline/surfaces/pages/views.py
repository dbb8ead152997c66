"""What a page is given: lines of tables, cards, charts; each figure with the words of its denominator.

What does not belong here: where figures come from (figures.py), how they look (the templates), and files (written.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.surfaces.pages import charts
from pipeline.surfaces.pages.figures import MEMBERS, Edition, Figure, Sent, sent
from pipeline.surfaces.pages.units import Unit
from pipeline.surfaces.pages.words import Language

# A share → what it is a part of what: the metrics of its counts. A test holds them to the metrics' own definitions.
SHARES = {
    "good_inclusive_share_of_rated": ("good_inclusive", "rated"),
    "excellent_share_of_good": ("excellent", "good_inclusive"),
    "excellent_share_of_rated": ("excellent", "rated"),
    "completed_share_of_rated": ("completed", "rated"),
    "not_completed_share_of_rated": ("not_completed", "rated"),
}
# The lines of a table of ratings: a count, and a share that it is the upper part of.
LEVELS = (
    ("population", None),
    ("rated", None),
    ("good_inclusive", "good_inclusive_share_of_rated"),
    ("excellent", "excellent_share_of_good"),
    ("excellent", "excellent_share_of_rated"),
    ("good_exclusive", None),
    ("completed", "completed_share_of_rated"),
    ("not_completed", "not_completed_share_of_rated"),
    ("not_rated", None),
    ("unexplained", None),
)
BAR = ("excellent", "good_exclusive", "completed", "not_completed")  # have nobody in common, and are all who were rated
CARDS = ("rated", "good_inclusive_share_of_rated", "excellent_share_of_good", "completed_share_of_rated")
OTHERS = {  # what else is counted, by the dataset that it is counted from
    "discipline": ("persons_disciplined", "discipline_change", "reprimanded", "warned", "removed", "expelled"),
    "rotation": ("postings_started", "rotations_started", "rotations_running", "postings_ended", "rotation_median_months"),
    "training": ("persons_trained", "attendances", "training_hours"),
    "ratings": ("quota_good_inclusive", "quota_excellent", "quota_allowed", "quota_over"),
}
SYSTEM = ("rated", "good_inclusive", "excellent", "excellent_share_of_good")  # of each rating system a line
BY_YEAR = ("rated", "good_inclusive_share_of_rated", "excellent_share_of_good", "persons_disciplined", "postings_started", "persons_trained")
OF_UNITS = ("rated", "good_inclusive_share_of_rated", "excellent_share_of_good")  # of each unit below a line
OF_CELLS = ("rated", "good_inclusive", "excellent", "excellent_share_of_good")
YEARS = 6  # in a table by years; more are in the exports


@dataclass(frozen=True)
class Line:
    """A figure, and where it is one, the share that it is the upper part of, with what stands below the line."""

    figure: Figure
    share: Figure | None
    below: Figure | None
    is_part: bool


class View:
    """An edition in one language."""

    def __init__(self, edition: Edition, language: Language):
        self.edition, self.language = edition, language

    def show(self, figure: Figure | None) -> Markup:
        """A figure as it stands in a cell: hidden is a word, not known is a dash."""
        words = self.language.words
        if figure is None or (figure.value is None and not figure.is_hidden):
            return Markup('<span class="no" title="{}">–</span>').format(words["not_known"])
        if figure.is_hidden:
            return Markup('<span class="no">{}</span>').format(words["hidden"])
        return escape(self.language.figure(figure.value, figure.metric.shown_as))

    def label(self, figure: Figure) -> str:
        return self.language.of(figure.metric.label)

    def denominator(self, figure: Figure) -> str:
        """What stands below the line of a share, in words that go on a sentence."""
        said = self.language.of(figure.metric.denominator)
        return said[:1].lower() + said[1:]

    def levels(self, unit: Unit, system: str = MEMBERS) -> list[Line]:
        """The table of a unit's ratings."""
        found, year, last = [], self.edition.year, ""
        for name, of in LEVELS:
            figure = self.edition.figure(name, unit.key, year, system)
            share = self.edition.figure(of, unit.key, year, system) if of else None
            below = self.edition.figure(SHARES[of][1], unit.key, year, system) if of else None
            if figure and not (name == last and not share):
                found.append(Line(figure, share, below, name in ("excellent", "good_exclusive")))
            last = name
        return found

    def bar(self, unit: Unit, system: str = MEMBERS) -> Markup:
        """How those who were rated part into levels; nothing where a part is hidden or nobody was rated."""
        figures = self.edition.figures((*BAR, "rated"), unit.key, self.edition.year, system)
        if len(figures) <= len(BAR) or any(f.value is None for f in figures):
            return Markup("")
        *parts, rated = figures
        of = self.language.words["of_rated"].format(n=self.show(rated))
        said = [charts.Part(f.metric.name, f.value or 0, f"{self.label(f)}: {self.show(f)}") for f in parts]
        title = f"{self.language.words['chart_levels']}, {unit.name}, {self.edition.year}; {of}"
        return charts.stacked("levels", title, said)

    def cards(self, unit: Unit) -> list[Line]:
        """The headline figures."""
        found = []
        for figure in self.edition.figures(CARDS, unit.key, self.edition.year):
            above, below = SHARES.get(figure.metric.name, (None, None))
            counts = self.edition.figures([name for name in (above, below) if name], unit.key, self.edition.year)
            found.append(Line(figure, *(counts if len(counts) == 2 else (None, None)), False))
        return found

    def others(self, unit: Unit) -> list[tuple[str, list[Figure]]]:
        """What else is counted of a unit, by dataset; nothing of what nobody answered for."""
        found = ((dataset, self.edition.figures(names, unit.key, self.edition.year)) for dataset, names in OTHERS.items())
        return [(dataset, figures) for dataset, figures in found if figures]

    def systems(self, unit: Unit) -> list[tuple[str, list[Figure | None]]]:
        """A line for each rating system of whom anybody was rated."""
        year = self.edition.year
        return [
            (system, [self.edition.figure(name, unit.key, year, system) for name in SYSTEM])
            for system in self.edition.systems(unit.key, year)
        ]

    def lines(self, units: Sequence[Unit], names: Sequence[str]) -> list[tuple[Unit, list[Figure | None]]]:
        """A line for each unit, of some metrics."""
        return [(unit, [self.edition.figure(name, unit.key, self.edition.year) for name in names]) for unit in units]

    def by_year(self, unit: Unit) -> list[tuple[int, list[Figure | None]]]:
        """A line for each year of which anything is known."""
        years = ((year, [self.edition.figure(name, unit.key, year) for name in BY_YEAR]) for year in self.edition.years[:YEARS])
        return [(year, figures) for year, figures in years if any(figures)]

    def head(self, name: str) -> str:
        """What a column of a metric is called, with what stands below its line."""
        return self.language.of(self.edition.metrics[name].label) if name in self.edition.metrics else name

    def part(self, figure: Figure | None) -> Markup:
        """The short bar of a share, in its row."""
        if figure is None or figure.value is None:
            return Markup("")
        return charts.beside(figure.value, f"{self.show(figure)} {self.language.words['of']} {self.denominator(figure)}")

    def sent(self, unit: Unit) -> Sent:
        """What a unit and all below it sent, of the year."""
        return sent(self.edition.owed(self.edition.units.branch(unit), self.edition.year))
