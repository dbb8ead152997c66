"""The registry of a night: archived, checked and kept while a load asks for it; and what only some cities confirm in it.

What does not belong here: how a registry is checked (judging/registry.py), and what a load records of it (recording.py).
"""

from functools import lru_cache

from pipeline.intake.layout import Layout
from pipeline.judging.layouts import layout_of
from pipeline.judging.registry import Registry, RegistryProblem, read_registry
from pipeline.ledger.archive import keep
from pipeline.ledger.find import CLOSED, FORMS, LARGEST, NO_FILE, TOO_LARGE, registry_name, why_not_read
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.schemas.registry import REGISTRY

UNREAD_REGISTRY = {
    NO_FILE: "is no file that can be read",
    CLOSED: "may not be read by the user of this process",
    TOO_LARGE: f"is larger than a registry can be ({LARGEST // 2**20} MiB)",
}


def check_registry(home: Home, files: dict[str, str]) -> Registry:
    """The registry as it lies there (name → hash), archived and checked. Raises RegistryProblem: then nothing is recorded."""
    if closed := [f"{name} {UNREAD_REGISTRY[why]}." for name, content_hash in files.items() if (why := why_not_read(content_hash))]:
        raise RegistryProblem(closed)
    if missed := keep(home, [((home.registry / name).resolve(), content_hash) for name, content_hash in files.items()]):
        raise RegistryProblem([f"{name} is being written or has gone." for name, content_hash in files.items() if content_hash in missed])
    return registry_of(home, tuple(files.items()))


def taught_layout(home: Home, files: dict[str, str]) -> Layout:
    """What the reader must know, with what the registry confirms of headers and forms; many cities confirm nothing, and nothing is read."""
    layout = layout_of(SCHEMAS)
    return check_registry(home, files).taught(layout) if any(registry_name(name) == FORMS for name in files) else layout


def confirmed_laws(home: Home, files: dict[str, str]) -> frozenset[str]:
    """The versions of laws that the city has read; most cities confirm none, and nothing is read."""
    if not any(registry_name(name) == "confirmations" for name in files):
        return frozenset()
    return check_registry(home, files).confirmed()


@lru_cache(maxsize=2)  # two steps of a load ask for the same one, and for the one before it
def registry_of(home: Home, files: tuple[tuple[str, str], ...]) -> Registry:
    """The registry of archived files, read once. Raises RegistryProblem."""
    return read_registry(home, dict(files), layout_of(REGISTRY))
