"""Many files at once, in worker processes: a file that kills its reader, or takes too long, refuses itself and nothing else.

What does not belong here: what is in a file.
"""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

import polars as pl
from pebble import ProcessExpired, ProcessPool

from pipeline.intake.files import read_chunk
from pipeline.intake.layout import Layout
from pipeline.intake.readings import Chunk, Reading, Source

CHUNK = 40  # files per task: few enough to show progress; while the main process is busy each task waits for it
AHEAD = 100  # tasks per worker under way or waiting, 2 MB each; bounds what piles up while this process imports and dbt parses
CHUNK_SECONDS, FILE_SECONDS = 60, 20  # a city's 1,852 files take two
MEMORY = 1_500_000_000  # address space that a worker may take beyond what it has before its first file

_layout: Layout


def _start_worker(layout: Layout) -> None:
    global _layout
    _layout = layout
    fall_silent()
    if hasattr(os, "nice"):
        os.nice(5)  # who judges comes first: what is read waits in memory otherwise
    Thread(target=_end_with_parent, daemon=True).start()
    # what was imported stays; cells hold no cycles, and looking for some cost 3 % of a city's reading
    gc.freeze()
    gc.set_threshold(100_000)
    if sys.platform == "linux":
        import resource

        pl.thread_pool_size()  # its threads reserve their stacks now, not out of the files' share
        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY if hard == resource.RLIM_INFINITY else min(now + MEMORY, hard), hard))


def fall_silent() -> None:
    """Nothing that a library says about a cell leaves this process: warnings and panics quote what stands there, and logs are read by all."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _work(read: Callable[[list[Source], Layout], Chunk], sources: list[Source]) -> Chunk:
    return read(sources, _layout)


class Readings:
    """Files being read from the moment this is made; iterate for the chunks, in any order. Close what is not wanted."""

    def __init__(
        self,
        sources: list[Source],
        layout: Layout,
        workers: int | None = None,
        read: Callable[[list[Source], Layout], Chunk] = read_chunk,
    ):
        self._layout, self._read = layout, read
        self._workers = workers or (1 if len(sources) <= CHUNK else max(1, min(os.cpu_count() or 1, 8)))
        self._waiting: list[list[Source]] = []
        self._running: dict[Future[Chunk], list[Source]] = {}
        # spawn: a fork of a process in which polars has threads can hang
        self._pool = ProcessPool(self._workers, initializer=_start_worker, initargs=(layout,), context=get_context("spawn"))
        # left open, pebble's thread may start one more worker while the interpreter ends and waits for those it knows: for ever
        atexit.register(self.close)
        self.add(sources)

    def add(self, sources: list[Source]) -> None:
        """More files to read."""
        self._waiting += [sources[i : i + CHUNK] for i in range(0, len(sources), CHUNK)]
        self._submit()

    def _submit(self) -> None:
        while self._waiting and len(self._running) < self._workers * AHEAD:
            chunk = self._waiting.pop(0)
            seconds = CHUNK_SECONDS if len(chunk) > 1 else FILE_SECONDS
            self._running[self._pool.schedule(_work, args=[self._read, chunk], timeout=seconds)] = chunk

    @property
    def are_read(self) -> bool:
        """Whether nothing is waiting to be read, or being read."""
        return not self._waiting and all(future.done() for future in self._running)

    def __iter__(self) -> Iterator[Chunk]:
        try:
            while self._running:
                # a second at most: whoever waits without end may not hear of Ctrl-C (seen), nor of a pool that broke
                done, _ = wait(self._running, timeout=1, return_when=FIRST_COMPLETED)
                if not done and not self._pool.active:
                    raise RuntimeError("the reading processes have ended")
                while done:  # popped: what was read is not kept here while whoever takes it works
                    if (read := self._taken(done.pop())) is not None:
                        yield read
                self._submit()
        finally:
            self.close()

    def _taken(self, future: Future[Chunk]) -> Chunk | None:
        """What a task read; None where each of its files is to be read by itself first."""
        chunk = self._running.pop(future)
        try:
            return future.result()
        except (ProcessExpired, TimeoutError, MemoryError) as error:
            if len(chunk) > 1:  # each in a task of its own: whoever ends the worker now is the one
                self._waiting[:0] = [[source] for source in chunk]
                return None
            return self._refused(chunk[0], error)

    def _refused(self, source: Source, error: ProcessExpired | TimeoutError | MemoryError) -> Chunk:
        named = self._layout.named(source.stem)
        return Chunk([Reading(source, refused=_rule(error), dataset=named)], {})

    def close(self) -> None:
        """End the workers, whatever they are doing."""
        atexit.unregister(self.close)
        self._pool.stop()
        self._pool.join()


def _rule(error: ProcessExpired | TimeoutError | MemoryError) -> str:
    if isinstance(error, TimeoutError):
        return "file_read_in_time"
    # the fast reader ends its process where it gets no memory; so does the system
    if isinstance(error, MemoryError) or error.exitcode in (-signal.SIGABRT, -signal.SIGKILL):
        return "file_read_in_memory"
    return "reader_survives"
