"""Many files at once, in worker processes: a file that kills its reader refuses itself and nothing else.

What does not belong here: what is in a file.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from pipeline.codes import fold
from pipeline.intake.tables import Chunk, Layout, Reading, Source, read_chunk

AHEAD = 24  # tasks per worker under way or waiting: enough to read on while a batch is judged
CHUNK = 12  # files per task: few enough to show progress, many enough to spread the cost of a task

_layout: Layout


def _start_worker(layout: Layout) -> None:
    global _layout
    _layout = layout


def _read_chunk(sources: list[Source]) -> Chunk:
    return read_chunk(sources, _layout)


def _pool(layout: Layout, workers: int) -> ProcessPoolExecutor:
    # spawn: a fork of a process in which polars has threads can hang
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(layout,))


def read_files(
    sources: Iterable[Source], layout: Layout, workers: int | None = None, on_done: Callable[[int], None] = lambda n: None
) -> Iterator[Chunk]:
    """All files, a chunk at a time, in any order. A file that kills its worker is refused; the others are read."""
    sources = list(sources)
    chunks = [sources[i : i + CHUNK] for i in range(0, len(sources), CHUNK)]
    if len(sources) <= CHUNK:
        workers = 1
    workers = workers or max(1, min(os.cpu_count() or 1, 8))
    pool = _pool(layout, workers)
    running: dict[Future, list[Source]] = {}
    try:
        while chunks or running:
            # a bounded number is under way, so that a death points at few files and results do not pile up
            while chunks and len(running) < workers * AHEAD:
                chunk = chunks.pop(0)
                running[pool.submit(_read_chunk, chunk)] = chunk
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            suspects: list[Source] = []
            for future in done:
                chunk = running.pop(future)
                try:
                    chunk_read = future.result()
                except BrokenProcessPool:
                    suspects += chunk
                    continue
                on_done(len(chunk_read.readings))
                yield chunk_read
            if suspects:
                suspects += [s for chunk in running.values() for s in chunk]
                running.clear()
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _one_by_one(suspects, layout, on_done)
                pool = _pool(layout, workers)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _one_by_one(sources: list[Source], layout: Layout, on_done: Callable[[int], None]) -> Iterator[Chunk]:
    """Each file in a task of its own: whoever breaks the worker now is the one."""
    pool = _pool(layout, 1)
    for source in sources:
        try:
            yield pool.submit(_read_chunk, [source]).result()
        except BrokenProcessPool:
            named = layout.names.get(fold(Path(source.name).stem))
            yield Chunk([Reading(source, refused="file_readable", dataset=named)], {})
            pool = _pool(layout, 1)
        on_done(1)
    pool.shutdown(wait=False)
