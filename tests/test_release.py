"""A release is a version above the last one, with a chapter of its own in the changelog."""

import datetime as dt
from pathlib import Path

import pytest
from release import NoRelease, release

DAY = dt.date(2027, 1, 8)
SETTINGS = '[project]\nname = "x"\nversion = "0.2.0"\n[tool.other]\nversion = "9"\n'
CHANGES = "# Changelog\n\n## Unreleased\n\n- More.\n\n## 0.2.0 (2026-11-28)\n\n- Much.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGES, "utf-8")
    return tmp_path


def test_a_release_names_its_chapter_and_leaves_the_others(project: Path) -> None:
    release(project, "0.3.0", DAY)
    assert (project / "pyproject.toml").read_text("utf-8") == SETTINGS.replace("0.2.0", "0.3.0")
    told = (project / "CHANGELOG.md").read_text("utf-8")
    assert told == CHANGES.replace("## Unreleased\n", "## Unreleased\n\n## 0.3.0 (2027-01-08)\n", 1)
    with pytest.raises(NoRelease, match="tells of nothing"):
        release(project, "0.4.0", DAY)


@pytest.mark.parametrize(
    ("version", "why"), [("0.2.0", "not above"), ("0.1.9", "not above"), ("v1", "three numbers"), ("1.0", "three numbers")]
)
def test_what_is_no_new_version_changes_nothing(project: Path, version: str, why: str) -> None:
    with pytest.raises(NoRelease, match=why):
        release(project, version, DAY)
    assert (project / "pyproject.toml").read_text("utf-8") == SETTINGS
    assert (project / "CHANGELOG.md").read_text("utf-8") == CHANGES
