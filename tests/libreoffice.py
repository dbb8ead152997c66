"""Files that LibreOffice wrote: clean books and some with dirt, converted by it to every format that it writes.

It has no writer for .xlsb. What does not belong here: reading them.
"""

import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from book import Expected
from clean import MAKERS, make_table
from dirt import KINDS, spoiled

from pipeline.schemas import SCHEMAS

SOFFICE = shutil.which("soffice")
FORMATS = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1"}
DRAWN = {"pdf": "pdf"}
WRITTEN = ("xlsx", "real dates", "title block", "two row header", "signature block", "decomposed letters", "identity as a formatted number")
SECONDS = 180  # its start alone takes some; a conversion that hangs is stopped


@dataclass(frozen=True)
class Written:
    """A file that LibreOffice wrote, by what name it is sent, and what it should give."""

    kind: str
    name: str
    data: bytes
    expected: Expected


def convert(sources: list[Path], extension: str, target: Path) -> list[Path]:
    """All files in one call: starting it takes longer than converting."""
    target.mkdir()
    profile = f"-env:UserInstallation={(target / 'profile').as_uri()}"
    command = [SOFFICE, profile, "--headless", "--convert-to", (FORMATS | DRAWN)[extension], "--outdir", str(target), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return [target / f"{source.stem}.{extension}" for source in sources]


def written(folder: Path) -> dict[str, list[Written]]:
    """Per format, a file for each kind and dataset that it can happen to."""
    made: list[tuple[Path, str, str, Expected]] = []
    (folder / "sources").mkdir()
    for kind in WRITTEN:
        for dataset in (d for d in MAKERS if d in KINDS[kind].datasets):
            rng = Random(f"{kind}/{dataset}")
            _, data, expected = spoiled(kind, make_table(rng, dataset, 8, KINDS[kind].columns), rng)
            source = folder / "sources" / f"{len(made):02}.xlsx"
            source.write_bytes(data)
            made.append((source, kind, SCHEMAS[dataset].title, expected))
    found = {}
    for extension in FORMATS:
        files = convert([source for source, *_ in made], extension, folder / extension)
        found[extension] = [
            Written(kind, f"{title}.{extension}", file.read_bytes(), _nameless(expected) if extension == "csv" else expected)
            for file, (_, kind, title, expected) in zip(files, made, strict=True)
        ]
    return found


def _nameless(expected: Expected) -> Expected:
    """In a CSV a sheet has no name."""
    rows = {(dataset, "", row_no): row for (dataset, _, row_no), row in expected.rows.items()}
    return replace(expected, rows=rows, findings=tuple(replace(p, sheet=p.sheet and "") for p in expected.findings))
