"""Files with bytes changed, cut, doubled or moved, of every format and every kind of dirt, read as a load reads them.

What does not belong here: what a kind of dirt must be told (dirt.py).
"""

import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dirt
import odd_files

from pipeline.intake.readings import Source
from pipeline.intake.workers import Readings
from pipeline.judging import layouts
from pipeline.schemas import SCHEMAS


def seeds() -> list[bytes]:
    """A whole file of every kind of dirt that there is, and of every format."""
    made = [odd_files.ods_table(), odd_files.xlsb_table(), odd_files.with_macros(), odd_files.delimited(";")]
    for name in dirt.KINDS:
        if not dirt.KINDS[name].is_deadly:
            rng = random.Random(name)
            made.append(dirt.spoiled(name, dirt.table_for(name, rng), rng)[1])
    return made


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """Files with bytes changed, cut, doubled or moved: as they lie there, or within the parts of a package, which stays a package."""
    rng, whole = random.Random(seed), seeds()
    for _ in range(count):
        data = rng.choice(whole)
        yield _in_a_part(data, rng) if zipfile.is_zipfile(io.BytesIO(data)) and rng.random() < 0.7 else mutated(data, rng)


def _in_a_part(data: bytes, rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = set(rng.sample(names, k=min(len(names), rng.choice((1, 1, 2)))))
        for name in names:
            part = old.read(name)
            new.writestr(name, mutated(part, rng) if name in chosen else part)
    return out.getvalue()


WORDS = (b"<", b">", b"&", b"\0", b"\xff\xfe", b"encoding='utf-9'", b"]]>", b"<a>", b"1e999", b"-1", b"2147483648", b"../", b'"')


def mutated(data: bytes, rng: random.Random) -> bytes:
    """
    >>> mutated(b"abc", random.Random(3)) != b"abc"
    True
    """
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, length = rng.randrange(len(changed) + 1), rng.choice((1, 2, 8, 64, 1000))
        match rng.randrange(6):
            case 0 if changed:
                changed[min(at, len(changed) - 1)] ^= 1 << rng.randrange(8)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length]
            case 3:
                changed[at:at] = rng.choice(WORDS)
            case 4:
                del changed[at:]
            case _:
                changed[at : at + length] = rng.randbytes(min(length, 16))
    return bytes(changed)


def read_mutated(count: int, folder: Path, seed: int = 1, batch: int = 1000) -> Iterator[tuple[int, Counter[str]]]:
    """Read so many mutated files as a load does. Gives for each batch how many there were, and by which rule each that was answered was
    refused ("read" otherwise)."""
    layout, files = layouts.layout_of(SCHEMAS), mutations(count, seed)
    for start in range(0, count, batch):
        sources = []
        for number in range(min(batch, count - start)):
            file = folder / str(number)
            file.write_bytes(next(files))
            sources.append(Source(number, file, "Xếp loại.xlsx"))
        yield len(sources), Counter(reading.refused or "read" for chunk in Readings(sources, layout) for reading in chunk.readings)
