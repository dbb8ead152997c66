"""What a page is given: lines of tables, cards, charts; each figure with the words of its denominator.

What does not belong here: where figures come from (figures.py), how they look (the templates), and files (written.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.metrics import Metric
from pipeline.surfaces.declared import dataset_of
from pipeline.surfaces.pages import charts
from pipeline.surfaces.pages.figures import MEMBERS, Edition, Figure
from pipeline.surfaces.pages.submissions import Sent, sent
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
# The lines of a table of ratings: a count, and the shares that it is the upper part of.
LEVELS = (
    ("population", ()),
    ("rated", ()),
    ("good_inclusive", ("good_inclusive_share_of_rated",)),
    ("excellent", ("excellent_share_of_good", "excellent_share_of_rated")),
    ("good_exclusive", ()),
    ("completed", ("completed_share_of_rated",)),
    ("not_completed", ("not_completed_share_of_rated",)),
    ("not_rated", ()),
    ("unexplained", ()),
)
BAR = ("excellent", "good_exclusive", "completed", "not_completed")  # have nobody in common, and are all who were rated
CARDS = (
    "rated", "good_inclusive_share_of_rated", "excellent_share_of_good", "completed_share_of_rated",
    "persons_disciplined", "postings_started", "persons_trained",
)  # fmt: skip
OTHERS = {  # what else is counted, by the dataset that it is counted from
    "discipline": ("persons_disciplined", "discipline_change", "reprimanded", "warned", "removed", "expelled"),
    "rotation": ("postings_started", "rotations_started", "rotations_running", "postings_ended", "rotation_median_months"),
    "training": ("persons_trained", "attendances", "training_hours"),
    "ratings": ("quota_good_inclusive", "quota_excellent", "quota_allowed", "quota_over"),
}
SYSTEM = ("rated", "good_inclusive", "excellent", "excellent_share_of_good")  # of each rating system a line
BY_YEAR = (
    "rated",
    "good_inclusive_share_of_rated",
    "excellent_share_of_good",
    "persons_disciplined",
    "postings_started",
    "persons_trained",
)
OF_UNITS = ("rated", "good_inclusive_share_of_rated", "excellent_share_of_good")  # of each unit below a line
OF_CELLS = ("rated", "good_inclusive", "excellent", "excellent_share_of_good")
CHANGES = ("discipline_change",)  # bear their sign
SAID_BEFORE = ("rotation", "training")  # “Postings started”, “Hours”: of what, the words of such a metric do not say by themselves
MOVED = 8  # units that are named among those that changed their superior
YEARS = 6  # in a table by years; more are in the exports


@dataclass(frozen=True)
class Share:
    """A share, and the counts that it is made of."""

    figure: Figure
    above: Figure | None
    below: Figure | None


@dataclass(frozen=True)
class Line:
    """A count, and the shares that it is the upper part of."""

    figure: Figure
    shares: list[Share]
    is_part: bool


def _small(words: str) -> str:
    """Words as they go on within a sentence."""
    return words[:1].lower() + words[1:]


def _dataset(metric: Metric) -> str:
    """The dataset that a metric counts; empty of one that is made of others."""
    return dataset_of((metric.report or "").partition(".")[0])


class View:
    """An edition in one language."""

    def __init__(self, edition: Edition, language: Language):
        self.edition, self.language = edition, language

    def show(self, figure: Figure | None) -> Markup:
        """A figure as it stands in a cell: hidden is a word, not known is a dash, not sent yet are three dots."""
        if figure and figure.is_awaited:
            return Markup("…")
        if figure is None or (figure.value is None and not figure.is_hidden):
            return Markup("–")
        if figure.is_hidden:
            return Markup("<i>{}</i>").format(self.language.words["hidden"])
        sign = "+" if figure.metric.name in CHANGES and (figure.value or 0) > 0 else ""
        return escape(sign + self.language.figure(figure.value, figure.metric.shown_as))

    def note(self, figure: Figure | None) -> str:
        """Of how many base organisations a figure holds nothing yet, in words; of ratings it is said once, where it says how many were rated."""
        dataset = _dataset(figure.metric) if figure else ""
        if figure is None or not figure.silent or (dataset == "ratings" and figure.metric.name != "rated"):
            return ""
        is_public = self.edition.is_public
        key = (
            ("lists_awaited" if is_public else "ratings_awaited")
            if dataset == "ratings"
            else "known_sent"
            if is_public
            else "known_answered"
        )
        whom = _small(self.language.label("rating_system", figure.system))
        return self.language.words[key].format(n=self.language.number(figure.silent), whom=whom)

    def cell(self, figure: Figure | None) -> Markup:
        """A figure with its note, where it stands alone in a cell."""
        note = self.note(figure)
        return self.show(figure) + (Markup('<small class="note">{}</small>').format(note) if note else "")

    def label(self, metric: Metric) -> str:
        """What a metric is called, where it stands among others: of what it counts, if its own words do not say."""
        of = _dataset(metric)
        said = self.language.of(metric.label)
        return f"{self.language.label('dataset', of)}: {_small(said)}" if of in SAID_BEFORE else said

    def denominator(self, figure: Figure) -> str:
        """What stands below the line of a share, in words that go on a sentence."""
        return _small(self.language.of(figure.metric.denominator))

    def share(self, name: str, unit: Unit, system: str = MEMBERS) -> Share | None:
        """A share with what it is made of; of a metric that is no share, itself alone."""
        figure = self.edition.figure(name, unit.key, self.edition.year, system)
        counts = [self.edition.figure(one, unit.key, self.edition.year, system) for one in SHARES.get(name, ())]
        return Share(figure, *(counts or (None, None))) if figure else None

    def levels(self, unit: Unit, system: str = MEMBERS) -> list[Line]:
        """The table of a unit's ratings."""
        found = []
        for name, of in LEVELS:
            if figure := self.edition.figure(name, unit.key, self.edition.year, system):
                shares = [share for one in of if (share := self.share(one, unit, system))]
                found.append(Line(figure, shares, name in ("excellent", "good_exclusive")))
        return found

    def bar(self, unit: Unit, system: str = MEMBERS) -> Markup:
        """How those who were rated part into levels; nothing where a part is hidden or nobody was rated."""
        figures = self.edition.figures((*BAR, "rated"), unit.key, self.edition.year, system)
        if len(figures) <= len(BAR) or any(f.value is None for f in figures):
            return Markup("")
        *parts, rated = figures
        of = self.language.words["of_rated"].format(n=self.show(rated))
        said = [charts.Part(f.metric.name, f.value or 0, f"{self.language.of(f.metric.label)}: {self.show(f)}") for f in parts]
        title = f"{self.language.words['chart_levels']}, {unit.name}, {self.edition.year}; {of}"
        return charts.stacked("levels", title, said)

    def cards(self, unit: Unit) -> list[Share]:
        """The headline figures."""
        return [share for name in CARDS if (share := self.share(name, unit))]

    def others(self, unit: Unit) -> list[tuple[str, list[Figure]]]:
        """What else is counted of a unit, by dataset; nothing of what nobody answered for."""
        found = ((dataset, self.edition.figures(names, unit.key, self.edition.year)) for dataset, names in OTHERS.items())
        return [(dataset, figures) for dataset, figures in found if figures]

    def moved(self, unit: Unit) -> str:
        """Which units have changed their superior since the year began, from or to a unit: its line is not the sum of those below. Empty where none did."""
        words, language, found = self.language.words, self.language, self.edition.units.moved(unit, self.edition.year)
        said = [words["moved_one"].format(unit=one.unit.name, day=language.day(one.on)) for one in found[:MOVED]]
        said += [words["moved_more"].format(n=language.number(len(found) - MOVED))] if len(found) > MOVED else []
        return words["moved"].format(year=self.edition.year, units="; ".join(said)) if said else ""

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
        return self.label(self.edition.metrics[name]) if name in self.edition.metrics else name

    def part(self, figure: Figure | None) -> Markup:
        """The short bar of a share, in its row."""
        if figure is None or figure.value is None:
            return Markup("")
        return charts.beside(figure.value, f"{self.show(figure)} {self.language.words['of']} {self.denominator(figure)}")

    def sent(self, unit: Unit) -> Sent:
        """What a unit and all below it sent, of the year."""
        return sent(self.edition.owed(self.edition.units.branch(unit), self.edition.year))

    def sent_ever(self, unit: Unit) -> Sent:
        """What a unit and all below it sent, of every period that the load knows."""
        return sent(self.edition.owed(self.edition.units.branch(unit)))
