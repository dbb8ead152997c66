"""What metrics there are, read from dbt's semantic models: their words, their denominators, by what each can be asked, and over what it may be added up.

What does not belong here: asking one (surfaces/metrics), and where the semantic models lie. They come as dbt writes them or as its YAML has them: the
keys are the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Node = Mapping[str, Any]
HOPS = 2  # a submission's unit and its year: further away MetricFlow does not look
FILTERED = re.compile(r"__(\w+?)'\s*\)")  # the dimension that a part's filter chooses by: {{ Dimension('rating_figure__rating_system') }}


@dataclass(frozen=True)
class Dimension:
    """What a metric can be grouped and filtered by."""

    name: str  # as people ask for it
    place: str  # as MetricFlow does: by which way it is reached
    label: str
    code_list: str | None  # its values are codes of this list
    words: str | None  # the place of the words that stand beside the code
    level: tuple[str, ...]  # the types of unit that it names, where it names units of one level
    expression: str  # its column in its table
    table: str
    is_hidden: bool


@dataclass(frozen=True)
class Metric:
    """A figure that is defined once."""

    name: str
    label: str
    description: str
    denominator: str  # in words; empty where it is no share
    shown_as: str  # count, share, rate, months
    report: str | None  # the published column that says the same
    dimensions: dict[str, Dimension]
    adds_over: frozenset[str]  # a sum over these means something: units, periods, or a dimension
    is_of_every_level: bool  # its tables have a line for each unit of each level
    awaits: Mapping[str, str] = field(
        default_factory=dict
    )  # the metrics that count who has not answered for it → of what part, as a condition
    levels: tuple[str, ...] = ()  # types of units of which alone it may be added up or listed; none: of all


def metrics_of(manifest: Node) -> dict[str, Metric]:
    """The metrics that can be asked for, by name."""
    found = _Manifest(manifest)
    asked = sorted(
        name for name, node in found.metrics.items() if not _meta(node).get("hidden")
    )  # what only helps to make others is hidden
    return {name: found.metric(name) for name in asked}


class _Manifest:
    """The semantic models by name, and what follows from them."""

    def __init__(self, manifest: Node):
        self.models: dict[str, Node] = {m["name"]: m for m in manifest["semantic_models"]}
        self.metrics: dict[str, Node] = {m["name"]: m for m in manifest["metrics"]}
        self._of_measure = {measure["name"]: m["name"] for m in self.models.values() for measure in m.get("measures") or ()}

    def metric(self, name: str) -> Metric:
        node, meta = self.metrics[name], _meta(self.metrics[name])
        leaves = [*self._leaves(name)]
        adds = [frozenset(_meta(leaf).get("adds_over", _meta(self._model(leaf))["adds_over"])) | given for leaf, given in leaves]
        ways = [self._reached(self._model(leaf)) for leaf, _ in leaves]
        awaits = [_meta(leaf).get("awaits", _meta(self._model(leaf)).get("awaits", {})) for leaf, _ in leaves]
        shared = {d: way for d, way in ways[0].items() if all(d in other for other in ways)}
        if "adds_over" in meta:
            adds.append(frozenset(meta["adds_over"]))
        return Metric(
            name,
            node["label"],
            node["description"],
            meta.get("denominator") or self._denominator(node),
            meta.get("shown_as", "count"),
            meta.get("report"),
            shared,
            frozenset.intersection(*adds),
            any(_meta(self._model(leaf))["rows"] == "every_level" for leaf, _ in leaves),
            {silent: part for one in awaits for silent, part in one.items()},
            tuple(meta.get("levels", ())),
        )

    def _leaves(self, name: str, fixed: frozenset[str] = frozenset()) -> Iterator[tuple[Node, frozenset[str]]]:
        """The metrics of one measure that a metric is made of, each with what their filters choose."""
        node = self.metrics[name]
        params = node["type_params"]
        parts = [params.get("numerator"), params.get("denominator"), *(params.get("metrics") or ())]
        if node["type"] == "simple":
            yield node, fixed
        for part in filter(None, parts):
            chosen = "" if isinstance(part, str) else str(part.get("filter") or "")
            yield from self._leaves(_named(part), fixed | {*FILTERED.findall(chosen)})

    def _model(self, leaf: Node) -> Node:
        return self.models[self._of_measure[_named(leaf["type_params"]["measure"])]]

    def _denominator(self, node: Node) -> str:
        below = node["type_params"].get("denominator")
        return str(self.metrics[_named(below)]["label"]) if below else ""

    def _reached(self, model: Node, way: str = "", hops: int = HOPS) -> dict[str, Dimension]:
        """Dimensions of a semantic model, and of those that its entities lead to."""
        own = way or next((f"{e['name']}__" for e in model["entities"] if e["type"] == "primary"), f"{model.get('primary_entity')}__")
        found: dict[str, Dimension] = {}
        for entity in model["entities"] if hops else ():
            for other in self.models.values() if entity["type"] == "foreign" else ():
                if any(e["name"] == entity["name"] and e["type"] == "primary" for e in other["entities"]):
                    found |= self._reached(other, f"{way}{entity['name']}__", hops - 1)
        return found | {d.name: d for d in (_dimension(model, node, own) for node in model.get("dimensions") or ())}


def _dimension(model: Node, node: Node, way: str) -> Dimension:
    meta, relation = _meta(node), model.get("node_relation") or {}
    return Dimension(
        str(meta.get("asked_as", node["name"])),
        way + node["name"],
        node.get("label") or node["name"],
        meta.get("list"),
        way + meta["words"] if "words" in meta else None,
        tuple(meta.get("level", ())),
        node.get("expr") or node["name"],
        relation.get("relation_name", ""),
        meta.get("hidden", False),
    )


def _meta(node: Node) -> dict[str, Any]:
    return dict((node.get("config") or {}).get("meta") or {})


def _named(part: str | Node) -> str:
    return part if isinstance(part, str) else str(part["name"])
