"""Many files at once, in worker processes: a file that kills its reader refuses itself and nothing else.

What does not belong here: what is in a file.
"""

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from pipeline.codes import fold
from pipeline.intake.headers import Layout
from pipeline.intake.tables import Chunk, Reading, Source, read_chunk

CHUNK = 12  # files per task: few enough to show progress, many enough to spread the cost of a task
AHEAD = 80  # tasks per worker under way or waiting: about a city's; bounds what piles up and whom a death makes suspect

_layout: Layout


def _start_worker(layout: Layout) -> None:
    global _layout
    _layout = layout


def _read_chunk(sources: list[Source]) -> Chunk:
    return read_chunk(sources, _layout)


def _pool(layout: Layout, workers: int) -> ProcessPoolExecutor:
    # spawn: a fork of a process in which polars has threads can hang
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(layout,))


class Readings:
    """Files being read from the moment this is made; iterate for the chunks, in any order. Close what is not wanted."""

    def __init__(self, sources: list[Source], layout: Layout, workers: int | None = None):
        self._layout = layout
        self._workers = workers or (1 if len(sources) <= CHUNK else max(1, min(os.cpu_count() or 1, 8)))
        self._waiting = [sources[i : i + CHUNK] for i in range(0, len(sources), CHUNK)]
        self._running: dict[Future, list[Source]] = {}
        self._pool = _pool(layout, self._workers) if sources else None
        self._submit()

    def _submit(self) -> None:
        while self._waiting and len(self._running) < self._workers * AHEAD:
            chunk = self._waiting.pop(0)
            self._running[self._pool.submit(_read_chunk, chunk)] = chunk

    def __iter__(self) -> Iterator[Chunk]:
        try:
            while self._running:
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                suspects: list[Source] = []
                for future in done:
                    chunk = self._running.pop(future)
                    try:
                        read = future.result()
                    except BrokenProcessPool:
                        suspects += chunk
                        continue
                    yield read
                if suspects:
                    suspects += [source for chunk in self._running.values() for source in chunk]
                    self._running.clear()
                    self.close()
                    yield from _one_by_one(suspects, self._layout)
                    self._pool = _pool(self._layout, self._workers)
                self._submit()
        finally:
            self.close()

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _one_by_one(sources: list[Source], layout: Layout) -> Iterator[Chunk]:
    """Each file in a task of its own: whoever breaks the worker now is the one."""
    pool = _pool(layout, 1)
    for source in sources:
        try:
            yield pool.submit(_read_chunk, [source]).result()
        except BrokenProcessPool:
            named = layout.names.get(fold(Path(source.name).stem))
            yield Chunk([Reading(source, refused="file_readable", dataset=named)], {})
            pool = _pool(layout, 1)
    pool.shutdown(wait=False)
