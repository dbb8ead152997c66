"""Small changes to code, each of which some test should notice: of Python by its syntax tree, of models by sqlglot's words.

A mutant is a place in a file and what stands there instead, so that all else of the file stays as it is. Of a model only what stands outside
Jinja is changed: compiled SQL names tables of a database, and a unit test puts its rows where the source says `ref`. sqlglot reads the source
with Jinja as names and blanks of the same length, so that its places are the file's.
What does not belong here: drawing, running and counting (mutate.py).
"""

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from sqlglot.tokens import Token, Tokenizer, TokenType

Change = tuple[int, int, str]  # from where to where, and what stands there instead


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    start: int
    end: int
    old: str
    new: str

    def of(self, text: str) -> str:
        """The file with the change in it."""
        assert text[self.start : self.end] == self.old
        return text[: self.start] + self.new + text[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_short(self.old)} → {_short(self.new) or 'nothing'}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:40]} … {words[-18:]}"


def mutants(path: str, text: str) -> list[Mutant]:
    """Everything that may be changed in a file, by its place."""
    changes = _of_model(text) if path.endswith(".sql") else _of_python(text)
    lines = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    return [Mutant(path, bisect_right(lines, start), start, end, text[start:end], new) for start, end, new in sorted(set(changes))]


def stands(mutant: Mutant, text: str) -> bool:
    """Whether what is left can be read at all: a change to what it must not hold is no test of tests."""
    if mutant.path.endswith(".sql"):
        return True
    try:
        ast.parse(mutant.of(text))
    except SyntaxError:
        return False
    return True


# ── Python ───────────────────────────────────────────────────────────────────────────────────────────────────────

OPPOSITE = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "in": "not in", "not in": "in", "is": "is not", "is not": "is",
    "and": "or", "or": "and", "&": "|", "|": "&",
}  # fmt: skip
OPERATOR = re.compile(r"\b(?:not\s+in|is\s+not|in|is|and|or)\b|[<>]=?|[=!]=|&|\|")
# calls of which the object alone is left: of strings, paths, series and frames
CALLS = {
    "strip", "lstrip", "rstrip", "lower", "upper", "casefold", "replace", "removeprefix", "removesuffix", "strip_chars", "fill_null",
    "drop_nulls", "filter", "unique", "sort",
}  # fmt: skip
NOT_RUN = {"annotation", "returns", "decorator_list"}  # what types and decorators say is no statement


def _of_python(text: str) -> Iterator[Change]:
    # the tree counts bytes, the file's text is one of letters
    data = text.encode("utf-8")
    lines = [0, *accumulate(len(line) for line in data.splitlines(keepends=True))]

    def place(byte: int) -> int:
        return len(data[:byte].decode("utf-8"))

    def span(node: ast.expr) -> tuple[int, int]:
        return place(lines[node.lineno - 1] + node.col_offset), place(lines[node.end_lineno - 1] + node.end_col_offset)

    def between(one: ast.expr, other: ast.expr) -> Iterator[Change]:
        start, end = span(one)[1], span(other)[0]
        if (found := OPERATOR.search(text, start, end)) and "#" not in text[start:end]:
            yield *found.span(), OPPOSITE[" ".join(found[0].split())]

    def changes(node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Compare():
                for one, other in zip([node.left, *node.comparators], node.comparators, strict=False):
                    yield from between(one, other)
            case ast.BoolOp():
                for one, other in zip(node.values, node.values[1:], strict=False):
                    yield from between(one, other)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                yield from between(node.left, node.right)
            case ast.Constant(value=bool()):
                yield *span(node), str(not node.value)
            case ast.Constant(value=int()):
                yield *span(node), str(node.value + 1)
                if node.value > 0:
                    yield *span(node), str(node.value - 1)
            case ast.UnaryOp(op=ast.Not() | ast.Invert()):
                yield span(node)[0], span(node.operand)[0], " "
            case ast.Return(value=ast.expr()) if not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield *span(node.value), "None"
            case ast.If() | ast.IfExp():
                yield *span(node.test), "True"
                yield *span(node.test), "False"
            case ast.While():
                yield *span(node.test), "False"
            case ast.comprehension():
                yield from ((*span(test), "True") for test in node.ifs)
            case ast.Slice():
                bounds = [b for b in (node.lower, node.upper) if b and not isinstance(b, ast.Constant)]
                yield from ((*span(bound), f"({text[slice(*span(bound))]}) + 1") for bound in bounds)
            case ast.Call(func=ast.Attribute(attr=name)) if name in CALLS:
                yield *span(node), text[slice(*span(node.func.value))]

    def walk(node: ast.AST) -> Iterator[Change]:
        yield from changes(node)
        if isinstance(node, ast.JoinedStr):  # Python 3.11 does not know where in it something stands
            return
        for name, value in ast.iter_fields(node):
            if name not in NOT_RUN:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        yield from walk(child)

    yield from walk(ast.parse(data))


# ── models ───────────────────────────────────────────────────────────────────────────────────────────────────────

T = TokenType
WORDS = {
    T.LT: "<=", T.LTE: "<", T.GT: ">=", T.GTE: ">", T.EQ: "<>", T.NEQ: "=", T.AND: "or", T.OR: "and", T.INNER: "left", T.ASC: "desc",
    T.DESC: "asc",
}  # fmt: skip
# where a condition ends
ENDS = {
    T.AND, T.OR, T.WHERE, T.GROUP_BY, T.ORDER_BY, T.HAVING, T.UNION, T.WHEN, T.THEN, T.ELSE, T.END, T.ON, T.JOIN, T.INNER, T.LEFT, T.FULL,
    T.CROSS, T.COMMA, T.LIMIT, T.SELECT, T.ALIAS,
}  # fmt: skip


def without_jinja(text: str) -> str:
    """The same length, with a name for each expression and blanks for each statement and comment.

    >>> without_jinja("a {{ b }} {% if c %}d")
    'a j______           d'
    """
    named = re.sub(r"\{\{.*?\}\}", lambda found: "j" + "_" * (len(found[0]) - 1), text, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}|\{#.*?#\}", lambda found: " " * len(found[0]), named, flags=re.DOTALL)


def _of_model(text: str) -> Iterator[Change]:
    words = Tokenizer(dialect="duckdb").tokenize(without_jinja(text))
    return ((start, end, new) for start, end, new in _of_words(words) if "{%" not in text[start:end])


def _of_words(words: list[Token]) -> Iterator[Change]:
    betweens = 0
    for n, word in enumerate(words):
        following = words[n + 1].token_type if n + 1 < len(words) else None
        place = word.start, word.end + 1
        betweens += word.token_type == T.BETWEEN
        if word.token_type == T.AND and betweens:
            betweens -= 1
            continue
        if word.token_type in WORDS:
            yield *place, WORDS[word.token_type]
        elif word.token_type == T.LEFT and following == T.JOIN:
            yield *place, "inner"
        elif word.token_type == T.NUMBER and word.text.isdecimal():
            yield *place, str(int(word.text) + 1)
            if int(word.text):
                yield *place, str(int(word.text) - 1)
        elif word.token_type == T.IS:
            yield (word.start, words[n + 1].end + 1, "is") if following == T.NOT else (*place, "is not")
        if word.token_type in (T.AND, T.WHERE) and (last := _condition(words[n + 1 :])):
            yield (word.start, last.end + 1, "") if word.token_type == T.AND else (words[n + 1].start, last.end + 1, "true")


def _condition(words: Iterable[Token]) -> Token | None:
    """The last word of the condition that begins here."""
    depth, is_between, last = 0, False, None
    for word in words:
        is_bound = is_between and word.token_type == T.AND
        if depth == 0 and (word.token_type == T.R_PAREN or (word.token_type in ENDS and not is_bound)):
            break
        is_between = word.token_type == T.BETWEEN or (is_between and not is_bound)
        depth += {T.L_PAREN: 1, T.CASE: 1, T.R_PAREN: -1, T.END: -1}.get(word.token_type, 0)
        last = word
    return last
