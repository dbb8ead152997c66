"""Every folder and file name, once.

What does not belong here: reading, writing or knowing what is inside a file.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"
PHRASES = PROJECT / "pipeline" / "schemas" / "phrases.csv"
SECTIONS = PROJECT / "pipeline" / "schemas" / "sections.csv"
TITLES = PROJECT / "pipeline" / "schemas" / "titles.csv"
DICTIONARY_PAGE = PROJECT / "pipeline" / "warehouse" / "dictionary.html"
METRICS = "metrics.json"  # in a version's folder: what its metrics are
RECEIPT_PAGE = PROJECT / "pipeline" / "answers" / "receipts" / "page.html"
PAGES = PROJECT / "pipeline" / "surfaces" / "pages"  # templates, words and style of the pages that each version has


def in_quotes(path: Path) -> str:
    """A path as it stands between single quotes of SQL."""
    return str(path).replace("'", "''")


def private(folder: Path) -> Path:
    """A folder that nobody else may enter, whoever made it first."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _cache() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME")
    return Path(cache) if cache else Path.home() / ".cache"


def bench() -> Path:
    """Where this user's `check` tries a file as a load would; what dbt parsed stays there from one time to the next."""
    return _cache() / "personnel-check"


def questions() -> Path:
    """What this user asked in SQL, for the arrow keys."""
    return _cache() / "personnel-sql" / "questions"


@dataclass(frozen=True)
class Home:
    """The four places of one city (law 1): raw, archive, restricted, versions.

    `PERSONNEL_HOME` names the folder; without it, `data/` beside the code.
    """

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """The city that PERSONNEL_HOME names, else the project's own. Raises SystemExit where its tables could not be found."""
        root = Path(os.environ.get("PERSONNEL_HOME") or PROJECT / "data").resolve()
        if any(sign in str(root) for sign in "*?["):
            raise SystemExit("PERSONNEL_HOME must not hold * ? or [: tables are found by patterns of their paths.")
        return cls(root)

    # what units sent: never written by a load
    @cached_property
    def raw(self) -> Path:
        return self.root / "raw"

    @cached_property
    def registry(self) -> Path:
        return self.raw / "registry"

    @cached_property
    def sample_marker(self) -> Path:
        return self.raw / "SAMPLE_CITY.json"

    @cached_property
    def truth(self) -> Path:
        """What the sample city's files should yield; beside raw, never read by a load."""
        return self.root / "truth"

    # what cannot be made again
    @cached_property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @cached_property
    def archive(self) -> Path:
        return self.warehouse / "archive"

    @cached_property
    def blobs(self) -> Path:
        return self.archive / "blobs"

    @cached_property
    def loads(self) -> Path:
        """One file per load: its as-of, contract, registry version and ledger lines."""
        return self.archive / "loads"

    @cached_property
    def key(self) -> Path:
        return self.archive / "identity.key"

    @cached_property
    def lookups(self) -> Path:
        return self.archive / "lookups.jsonl"

    @cached_property
    def left(self) -> Path:
        """What left the house in public exports, a folder each, so that the next one is compared with it."""
        return self.archive / "left"

    @cached_property
    def erased(self) -> Path:
        """What was taken out of the archive for good, a line each."""
        return self.archive / "erased.jsonl"

    # what can be made again and holds people
    @cached_property
    def restricted(self) -> Path:
        return self.warehouse / "restricted"

    @cached_property
    def landing(self) -> Path:
        """A link to the landing of the contract in force; sealed."""
        return self.restricted / "landing"

    def landing_of(self, contract: str) -> Path:
        """What was judged under a contract."""
        return self.restricted / f"landing-{contract}"

    @cached_property
    def open(self) -> Path:
        """What a load works with in clear: there while it runs, and after a kill until the next one has ended."""
        return self.restricted / "open"

    @cached_property
    def open_landing(self) -> Path:
        """Landed rows as dbt reads them, without what it never reads: names, numbers, birth dates, words of cells."""
        return self.open / "landing"

    @cached_property
    def context(self) -> Path:
        """Registry, ledger and run parameters as dbt reads them."""
        return self.open / "context"

    @cached_property
    def build(self) -> Path:
        return self.open / "build.duckdb"

    @cached_property
    def draft(self) -> Path:
        """What dbt builds to be published; publishing moves it."""
        return self.open / "draft.duckdb"

    @cached_property
    def whole_draft(self) -> Path:
        return self.open / "whole_draft.duckdb"

    @cached_property
    def analyst(self) -> Path:
        """Facts and findings as published, with what may not leave beside them: days, sheets, paths, numbers as written. Sealed."""
        return self.restricted / "analyst.sealed"

    @cached_property
    def dbt_target(self) -> Path:
        return self.restricted / "dbt_target"

    @cached_property
    def templates(self) -> Path:
        """Workbooks for units, with their people in them."""
        return self.restricted / "templates"

    @cached_property
    def reports(self) -> Path:
        """Reports as they could be signed, for the department's eyes."""
        return self.restricted / "reports"

    @cached_property
    def forms(self) -> Path:
        """Proposals for forms, with examples out of units' files."""
        return self.restricted / "forms"

    @cached_property
    def people(self) -> Path:
        """Which numbers, by keys, a person_key stands for; sealed."""
        return self.restricted / "people.sealed"

    @cached_property
    def outbox(self) -> Path:
        """What goes back to units, a folder each: `outbox/<period>/<unit code>/`."""
        return self.restricted / "outbox"

    @cached_property
    def answered(self) -> Path:
        """Which load the outbox answers."""
        return self.outbox / "answered.json"

    # what is published
    @cached_property
    def versions(self) -> Path:
        return self.warehouse / "versions"

    @cached_property
    def current(self) -> Path:
        return self.versions / "current"

    @cached_property
    def published(self) -> Path:
        return self.warehouse / "personnel.duckdb"

    @cached_property
    def exports(self) -> Path:
        return self.warehouse / "exports"

    @cached_property
    def pages(self) -> Path:
        """The pages of the version in force: of none where it has none yet, and never of another."""
        return self.warehouse / "pages"

    @cached_property
    def notices(self) -> Path:
        """What each load is to tell by webhook and mail, and what became of it."""
        return self.warehouse / "notices.json"

    @cached_property
    def surfaces(self) -> Path:
        """Which version each surface outside this folder shows, and what went wrong where it does not show the newest."""
        return self.warehouse / "surfaces.json"

    @cached_property
    def dashboards(self) -> Path:
        """What the dashboards' server keeps: its key, its administrator's password, its own database; made anew where it is not there."""
        return self.warehouse / "dashboards"

    # Dagster's own, and the lock
    @cached_property
    def dagster(self) -> Path:
        return self.warehouse / "dagster"

    @cached_property
    def lock(self) -> Path:
        return self.warehouse / "load.lock"
