"""What is asked of a metric: by what, of which part, and what must stand in the answer so that no figure is a false sum.

What does not belong here: SQL of the warehouse, and running it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.codes import labels
from pipeline.metrics import Dimension, Metric
from pipeline.surfaces.metrics.condition import Condition, dimension_of, literal, template, unknown
from pipeline.surfaces.sql import NoAnswer

CITY = "CITY"
LEVELS = ("cell", "section", "base", "superior")  # from below: the lowest that is named says of which units the figures are


@dataclass
class Question:
    """A question that has one right answer."""

    metric: Metric
    by: list[Dimension]
    filters: list[str] = field(default_factory=list)  # as MetricFlow takes them
    values: list[tuple[Dimension, str]] = field(default_factory=list)  # what the condition asks to be equal
    said: list[str] = field(default_factory=list)  # what was added to what was asked, in words
    tells_units_apart: bool = False  # two units of one code and name are two lines

    def also_by(self, name: str, why: str) -> None:
        """Another column, where the figure without it would be a false sum."""
        if self.metric.dimensions[name] not in self.by:
            self.by.append(self.metric.dimensions[name])
            self.said.append(f"Thêm cột {name}: {why}")

    def only(self, name: str, values: Iterable[str], says: str) -> None:
        """A part that the figures are of."""
        self.filters.append(f"{template(self.metric.dimensions[name])} IN ({', '.join(map(literal, values))})")
        self.said.append(says)


def question(metrics: Mapping[str, Metric], name: str, by: Iterable[str], where: str | None, *, of_any_level: bool = False) -> Question:
    """What was typed, and what it takes to be answered. `of_any_level`: also of units of which the metric says nothing by itself. Raises NoAnswer.

    Nothing is guessed: a year, a system of rating or a unit over which the metric cannot be added becomes a column; without any unit named the figures are
    the city's, and with a level named those of its units, as reports have them.
    """
    metric = metrics.get(name) or unknown(f"Không có chỉ tiêu “{name}”.", name, metrics, "Xem tất cả: pipeline metric.")
    asked = Question(metric, list(dict.fromkeys(dimension_of(metric, word) for word in by if word.strip())))
    named = {d.name for d in asked.by}
    if where and where.strip():
        condition = Condition(metric, where)
        asked.filters.append(condition.template)
        asked.values = condition.values
        named |= {d.name for d in condition.dimensions}
    _of_a_period(asked, named)
    for own in [d for d in metric.dimensions.values() if d.code_list == "rating_system"]:
        if own.name not in metric.adds_over:
            asked.also_by(own.name, "không cộng được qua nhiều đối tượng.")
    if asked.metric.levels and not of_any_level:
        _of_its_levels(asked, named)
    _of_units(asked, named)
    return asked


def _of_a_period(asked: Question, named: set[str]) -> None:
    if "periods" in asked.metric.adds_over:
        return
    if named & {"period", "period_type"}:
        asked.also_by("period", "không cộng được qua nhiều kỳ.")
    else:
        asked.also_by("year", "không cộng được qua nhiều năm.")
        asked.only("period_type", ["YEAR"], "Chỉ kỳ cả năm; muốn xem theo quý: period.")


def _of_its_levels(asked: Question, named: set[str]) -> None:
    """Of units below these a sum would count one organisation several times."""
    metric = asked.metric
    if "unit" not in named and (low := [one for one in LEVELS if one in named and not {*metric.dimensions[one].level} <= {*metric.levels}]):
        raise NoAnswer(
            f"Chỉ tiêu {metric.name} không tính theo {low[0]}: ở cấp ấy một tổ chức đứng ở nhiều dòng. Hãy xem theo base hoặc superior."
        )
    if "unit_type" in named and "unit" not in named:
        types = labels("unit_type")
        asked.only("unit_type", metric.levels, f"Chỉ tính ở: {', '.join(types[one].lower() for one in metric.levels)}.")


def _of_units(asked: Question, named: set[str]) -> None:
    metric, level = asked.metric, next((one for one in LEVELS if one in named), None)
    if "unit" in named:
        asked.also_by("unit", "không cộng các cấp với nhau.")
        asked.tells_units_apart = True
    elif not metric.is_of_every_level:
        return  # lines of those who answered: all of them may be added
    elif "unit_type" in named:
        asked.also_by("unit_type", "không cộng các cấp với nhau.")
        if "units" not in metric.adds_over:
            asked.also_by("unit", "không cộng được qua nhiều đơn vị.")
            asked.tells_units_apart = True
    elif level:
        of = metric.dimensions[level]
        asked.only("unit_type", of.level, f"Số liệu của {of.label.split(' / ')[0].lower()}.")
        asked.also_by(level, "không cộng được qua nhiều đơn vị.")
        asked.tells_units_apart = True
    else:
        asked.only("unit_type", [CITY], "Toàn thành phố; muốn xem theo cấp: superior, base, section, cell, hoặc unit, unit_type.")
