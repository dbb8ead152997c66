"""A condition as people write it (SQL over dimensions) → as MetricFlow takes it. What is not a comparison of a dimension with a value is refused:
no function, no other table, no file.

What does not belong here: what a question needs besides what was typed.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NoReturn

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from pipeline import codes
from pipeline.metrics import Dimension, Metric
from pipeline.surfaces.sql import NoAnswer

Words = dict[type[exp.Expression], str]
SIGNS: Words = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
PATTERNS: Words = {exp.Like: "LIKE", exp.ILike: "ILIKE"}
EQUAL = ("=", "<>")
JOINS: Words = {exp.And: "AND", exp.Or: "OR"}
STUMBLES = (TypeError, ValueError, AttributeError, LookupError)  # what sqlglot raises of some nonsense in the place of an error of its own
HOW = (
    "Điều kiện --where chỉ gồm phép so sánh một chiều với giá trị (=, <>, <, <=, >, >=, IN, BETWEEN, LIKE, IS NULL), nối bằng AND, OR, NOT; "
    "ví dụ: year = 2021 AND superior = 'Q01'."
)


class Condition:
    """What stands behind --where, read. Raises NoAnswer."""

    def __init__(self, metric: Metric, where: str):
        self.metric = metric
        self.dimensions: list[Dimension] = []
        self.values: list[tuple[Dimension, str]] = []  # what it asks to be equal, to look for whether it is there
        try:
            trees = sqlglot.parse(f"SELECT 1 WHERE {where}", read="duckdb")
        except (SqlglotError, RecursionError, *STUMBLES):
            raise NoAnswer(HOW) from None
        tree = trees[0] if len(trees) == 1 else None
        if not isinstance(tree, exp.Select) or {name for name, part in tree.args.items() if part} != {"expressions", "where"}:
            raise NoAnswer(HOW)
        try:
            self.template = self._part(tree.args["where"].this)
        except RecursionError:
            raise NoAnswer(HOW) from None

    def _part(self, node: exp.Expression) -> str:
        if join := JOINS.get(type(node)):
            return f"({self._part(node.this)} {join} {self._part(node.expression)})"
        if isinstance(node, exp.Paren):
            return self._part(node.this)
        if isinstance(node, exp.Not):
            return f"(NOT {self._part(node.this)})"
        column = node.this
        if not isinstance(column, exp.Column) or column.table:
            raise NoAnswer(HOW)
        dimension = dimension_of(self.metric, column.name)
        self.dimensions.append(dimension)
        return f"{template(dimension)} {self._compared(dimension, node)}"

    def _compared(self, dimension: Dimension, node: exp.Expression) -> str:
        if sign := SIGNS.get(type(node)):
            return f"{sign} {self._value(dimension, node.expression, is_one=sign in EQUAL)}"
        if isinstance(node, exp.In) and node.expressions and not node.args.get("query"):
            return f"IN ({', '.join(self._value(dimension, one, is_one=True) for one in node.expressions)})"
        if isinstance(node, exp.Between):
            low, high = self._value(dimension, node.args["low"]), self._value(dimension, node.args["high"])
            if dimension.name == "year" and int(low) > int(high):
                raise NoAnswer(f"Không có năm nào từ {low} đến {high}; năm nhỏ đứng trước: year BETWEEN {high} AND {low}.")
            return f"BETWEEN {low} AND {high}"
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return "IS NULL"
        if (sign := PATTERNS.get(type(node))) and dimension.name != "year":
            return f"{sign} {self._value(dimension, node.expression, is_pattern=True)}"
        raise NoAnswer(HOW)

    def _value(self, dimension: Dimension, node: exp.Expression, is_one: bool = False, is_pattern: bool = False) -> str:
        if dimension.name == "year":
            if not isinstance(node, exp.Literal) or not node.this.isdecimal():
                raise NoAnswer("Năm là một số, ví dụ year = 2021.")
            if is_one:
                self.values.append((dimension, str(int(node.this))))
            return str(int(node.this))
        if not isinstance(node, exp.Literal) or not node.is_string:
            raise NoAnswer(f"Giá trị của {dimension.name} phải để trong nháy đơn, ví dụ {dimension.name} = 'Q01'.")
        word = str(node.this)
        if "{" in word or "}" in word:
            raise NoAnswer("Giá trị không được có dấu { hoặc }.")
        if dimension.code_list and not is_pattern:
            word = _code(dimension, word)
        elif is_one:
            self.values.append((dimension, word))
        return literal(word)


def dimension_of(metric: Metric, word: str) -> Dimension:
    """A dimension by its name, with or without `_code`. Raises NoAnswer."""
    shown = {d.name: d for d in metric.dimensions.values() if not d.is_hidden}
    asked = word.strip().lower()
    found = shown.get(asked) or shown.get(asked.removesuffix("_code"))
    return found or unknown(f"Chỉ tiêu {metric.name} không có chiều “{word.strip()}”.", asked, shown, f"Các chiều: {', '.join(shown)}.")


def unknown(says: str, word: str, among: Iterable[str], otherwise: str) -> NoReturn:
    """Raises NoAnswer with the nearest names."""
    folded = {codes.fold(one): one for one in among}
    near = [folded[found] for found in get_close_matches(codes.fold(word), folded, 3, 0.6)]
    raise NoAnswer(f"{says} Gần nhất: {', '.join(near)}." if near else f"{says} {otherwise}")


def template(dimension: Dimension) -> str:
    """A dimension as it stands in MetricFlow's conditions."""
    entities, _, name = dimension.place.rpartition("__")
    *way, last = entities.split("__")
    path = f", entity_path={way}" if way else ""
    return f"{{{{ Dimension('{last}__{name}'{path}) }}}}"


def literal(word: str) -> str:
    """A text as SQL has it."""
    return "'" + word.replace("'", "''") + "'"


def _code(dimension: Dimension, word: str) -> str:
    """A code, by whatever its list calls it."""
    list_name = str(dimension.code_list)
    among = codes.labels(list_name)
    found = word if word in among else codes.code_of(list_name, word)
    return found or unknown(
        f"{dimension.name} không có giá trị “{word}”.", word, [*among, *among.values()], f"Các giá trị: {', '.join(among)}."
    )
