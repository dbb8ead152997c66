"""The shared forms of offices, where they are at hand, held against what a person reads in them, by their own scorer and its own thresholds.

Nothing of a form is copied here. With the sample city's registry, where each form takes seconds, the first form of each list is asked; all of them are by

    PERSONNEL_HOME=data .venv/bin/python ../shared/forms/score.py --list

where `data` is a sample city (`make demo`); without PERSONNEL_HOME and a registry the same asks what a file says of itself alone.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from own_forms import Here

from pipeline.checking.answer import as_json, check
from pipeline.nightly import one_file
from pipeline.paths import PROJECT, Home
from pipeline.sample import make_city

FORMS = Path(os.environ.get("PERSONNEL_SHARED_FORMS", PROJECT.parent / "shared" / "forms"))
AS_OF = "2026-01-31"  # when all of their days are over


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    if not FORMS.is_dir():
        pytest.skip("the shared forms are not at hand")
    spec = importlib.util.spec_from_file_location("score", FORMS / "score.py")
    sys.modules["score"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["no registry", "the sample city's registry"])
def home(request: pytest.FixtureRequest, scorer: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("kit") / "data")
    if request.param != "no registry":
        make_city(home, size="empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PERSONNEL_AS_OF", AS_OF)
        patch.setattr(one_file, "Readings", Here)
        yield home


def test_every_threshold_is_met(scorer: ModuleType, home: Home) -> None:
    """People read 100 %, values right 98 %, outcomes and faults told 100 %, and nothing strange, silently wrong or false."""
    total, differences = scorer.Score(), {}
    forms = [scorer.read_form(truth.parent) for truth in sorted(FORMS.glob("*/truth.csv"))]
    assert len(forms) >= 16
    if home.registry.exists():
        forms = [*{frozenset(dataset for dataset, *_ in form.people): form for form in reversed(forms)}.values()]
    for form in forms:
        said = check(home, form.file, form.file.read_bytes(), form.period, form.unit)
        assert home.registry.exists() == (said.alone is None), said.alone
        made, lines = scorer.score(form, json.loads(json.dumps(as_json(said), allow_nan=False)))  # as `pipeline check --json` prints it
        total, differences[form.name] = total + made, lines
    assert scorer.short_of(total, scorer.arguments().parse_args([])) == [], differences
