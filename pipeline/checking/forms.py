"""What the unknown columns of a file's own forms may mean, and what the city confirmed of them.

What does not belong here: words for people.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from filelock import Timeout

from pipeline import nightly
from pipeline.answers.forms.propose import Beginning, ProposedForm, beginnings_as
from pipeline.answers.forms.received import Objection, objections, unmet
from pipeline.checking.bench import lay, on_bench, registry_files
from pipeline.intake.forms import columns_of
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Reading, Source
from pipeline.intake.workers import Readings
from pipeline.judging import layouts
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.archive import ArchiveProblem, Lost
from pipeline.ledger.find import FORMS, find_registry, registry_name
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import KeyProblem
from pipeline.ledger.sums import Damaged
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.whole import write_whole


@dataclass(frozen=True)
class Proposed:
    """What the columns of a file's forms mean or may mean; and the reading, which says whether there was any."""

    reading: Reading
    forms: list[ProposedForm]
    alone: str | None = None  # why what the city confirmed already is not known


def propose_forms(home: Home, file: Path, unit: str = "", dataset: str | None = None) -> Proposed:
    """Read the file as a load of this unit's would, within the same limits, and propose what is still unknown. `dataset`: which list sheets are
    that nobody knows."""
    layout, why = layouts.layout_of(SCHEMAS), None
    try:
        layout = _taught_layout(registry_files(home), layout)
    except (ArchiveProblem, KeyProblem, Lost, RegistryProblem):
        why = "REGISTRY_IS_FAULTY"
    except Timeout:
        why = "BENCH_IS_BUSY"
    except OSError:
        why = "NO_BENCH"
    ((reading,),) = (chunk.readings for chunk in Readings([Source(0, file, file.name, unit)], layout, read=beginnings_as(dataset)))
    forms, said = reading.forms if isinstance(reading, Beginning) else [], _objections(home)
    against = [unmet(said.get(one.form.code, ()), one.dataset, columns_of(one.form.columns)) for one in forms]
    return Proposed(reading, [replace(one, objections=tuple(found)) for one, found in zip(forms, against, strict=True)], why)


def _objections(home: Home) -> dict[str, list[Objection]]:
    """What units say of forms, as far as the last load's landing can be read: a proposal needs none."""
    try:
        loads = read_loads(home)
        return objections(home, loads[-1].contract) if loads else {}
    except (ArchiveProblem, Damaged, KeyProblem):
        return {}


def confirm_forms(home: Home, forms: dict[str, bytes]) -> list[str]:
    """Lay what the city confirmed (form code → file) into registry/forms, as far as the registry then still holds; their paths there. Raises
    RegistryProblem with what is wrong; then nothing is written. Nothing else of raw is ever written but by those who send it."""
    names = {f"{FORMS}/{code}.csv": content for code, content in sorted(forms.items())}
    with on_bench() as bench_home:
        lay(registry_files(home) | names, bench_home)
        nightly.check_registry(bench_home, find_registry(bench_home))
    for name, content in names.items():
        file = home.registry / name
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content.decode())
    return list(names)


def _taught_layout(registry: dict[str, bytes], layout: Layout) -> Layout:
    if not any(registry_name(name) == FORMS for name in registry):
        return layout
    with on_bench() as home:
        lay(registry, home)
        return nightly.taught_layout(home, find_registry(home))
