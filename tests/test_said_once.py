"""What one room says to another is said once, and held: shapes of frames, kinds of columns, exceptions."""

import ast
import re

from test_floors import FILES, room, where

from pipeline import frames
from pipeline.schemas.kinds import KINDS


def test_every_frame_that_goes_from_room_to_room_is_held_to_its_shape() -> None:
    said = {name for name, shape in vars(frames).items() if isinstance(shape, frames.Shape)}
    held = {name for file in FILES for name in re.findall(r"\b([A-Z_]+)\.hold\b", file.read_text("utf-8"))}
    assert said and said - held == set()


def test_who_means_one_kind_of_column_is_known() -> None:
    """Whoever does something else for each kind has a table, which test_schemas asks for every kind."""
    kinds = "|".join(name.upper() for name in KINDS)
    meant = re.compile(rf"\bkind(?:\.name)? (?:==|!=|is not|is|not in|in) \(?(?:kinds\.)?(?:{kinds})\b")
    assert {where(file) for file in FILES if meant.search(file.read_text("utf-8"))} - {"schemas/kinds.py"} == {
        "contract/models.py",
        "judging/layouts.py",
        "judging/others.py",
        "judging/parse.py",
        "judging/recount.py",
        "sample/office.py",
        "sample/truth.py",
        "schemas/columns.py",
        "schemas/landed.py",
    }


def test_a_public_function_says_which_exceptions_of_ours_it_raises() -> None:
    """By their names: whoever calls it looks for them. What it calls says for itself."""
    trees = {file: ast.parse(file.read_text("utf-8")) for file in FILES if room(file) != "sample"}
    classes = {
        node.name: {ast.unparse(base) for base in node.bases}
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    ours: set[str] = set()
    while more := {name for name, bases in classes.items() if bases & {"Exception", "AssertionError", "ValueError", *ours}} - ours:
        ours |= more
    assert {"Damaged", "NotOfItsShape", "RegistryShrank", "UndecodableText"} <= ours
    silent = []
    for file, tree in trees.items():
        places = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
        for function in (node for place in places for node in place.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"):
            raised = (node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc)
            names = {ast.unparse(error.func if isinstance(error, ast.Call) else error) for error in raised} & ours
            silent += [
                f"{where(file)}: {function.name} raises {name}"
                for name in sorted(names)
                if name[0] != "_" and name not in (ast.get_docstring(function) or "")
            ]
    assert silent == []
