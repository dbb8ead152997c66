"""Something made in a thread of its own while what came before is being used: DuckDB answers while PostgreSQL takes, each on its core.

What does not belong here: what is made.
"""

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
ROOM = 8  # parts that may lie ready: some tens of megabytes


class _Ended(Exception):
    """Nobody takes any more."""


@contextmanager
def ahead(made: Iterable[T]) -> Iterator[Iterator[T]]:
    """The same things in the same order; what making them raises is raised where they are used. When the block is left, the thread has ended.

    >>> with ahead(n * n for n in range(4)) as squares:
    ...     list(squares)
    [0, 1, 4, 9]
    """
    ready: queue.Queue[tuple[T | None, BaseException | None, bool]] = queue.Queue(ROOM)
    is_left = threading.Event()

    def hand_over(item: T | None, error: BaseException | None = None, is_last: bool = False) -> None:
        while not is_left.is_set():
            try:
                return ready.put((item, error, is_last), timeout=0.2)
            except queue.Full:
                continue
        raise _Ended

    def make() -> None:
        try:
            for item in made:
                hand_over(item)
            hand_over(None, is_last=True)
        except _Ended:
            pass
        except BaseException as error:
            hand_over(None, error, is_last=True)

    def taken() -> Iterator[T]:
        while True:
            item, error, is_last = ready.get()
            if error:
                raise error
            if is_last:
                return
            yield item  # type: ignore[misc]  # None is a T where T has it

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        yield taken()
    finally:
        is_left.set()
        thread.join()
