"""A home of its own that holds the registry and one file, is entered by one check at a time, and is empty again when the check is over.

What does not belong here: what is asked on it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock

from pipeline.ledger.archive import Lost, blob, read_version
from pipeline.ledger.find import find_registry, registry_name, why_not_read
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import seal_of
from pipeline.paths import Home, bench, private

PATIENCE = 60  # seconds to wait for another check


def lay(registry: dict[str, bytes], home: Home) -> None:
    """Put a registry's files into a home that has none."""
    home.registry.mkdir(parents=True)
    for name, content in registry.items():
        file = home.registry / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)


def registry_files(home: Home) -> dict[str, bytes]:
    """The registry as it lies there, which the next load would take; else as the last load archived it. But not whom the city confirmed: that speaks
    of people of all units, and of more lists than one file. Raises Lost."""
    if found := {name: h for name, h in find_registry(home).items() if registry_name(name) != "identities"}:
        if any(map(why_not_read, found.values())):
            raise Lost("cannot be read")
        return {name: (home.registry / name).read_bytes() for name in found}
    if not (loads := read_loads(home)):
        return {}
    seal = seal_of(home)
    return {
        name: read_version(blob(home, h, seal), h, seal) for name, h in loads[-1].registry.items() if registry_name(name) != "identities"
    }


@contextmanager
def on_bench() -> Iterator[Home]:
    """A home for one file, left empty whatever happens; what a kill left there the next check clears away.

    Its place is always the same, because what dbt parses knows where it was parsed, and parsing takes as long as all the rest.
    """
    home = Home(private(bench()))
    with FileLock(home.root / "lock", timeout=PATIENCE):
        try:
            _clear(home)
            yield home
        finally:
            _clear(home)


def _clear(home: Home) -> None:
    """Everything but what dbt parsed, which knows no file; its log may quote one."""
    kept = {home.dbt_target}
    for folder in (home.raw, home.archive, home.dbt_target / "logs", *(home.restricted.glob("*") if home.restricted.exists() else ())):
        if folder in kept:
            continue
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
