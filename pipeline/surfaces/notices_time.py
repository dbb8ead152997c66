"""How long a notice may take in all: an exchange with another machine that is ended by the clock, whatever that machine does.

What a socket calls its timeout is that of each wait: who answers a letter every ten seconds holds it for ever, and nothing bounds the look-up of a name.
So the exchange runs beside, and is left alone when its time is up. What does not belong here: what is exchanged (notices_ways.py).
"""

from collections.abc import Callable
from threading import Lock, Thread


class TimeUp(Exception):
    """It took too long; `is_handed_over`: it may have arrived."""

    def __init__(self, is_handed_over: bool):
        super().__init__()
        self.is_handed_over = is_handed_over


class _Left(Exception):
    """Nobody waits any more: nothing is handed over."""


def within(seconds: float, exchange: Callable[[Callable[[], None]], None]) -> None:
    """Run it, at most so long. It is given what it calls just before it hands over what must not arrive twice: from then on nobody knows, and once
    the time is up it gets no further. Raises TimeUp, and what the exchange raises."""
    lock = Lock()
    is_handed_over = is_left = is_done = False
    failed: list[BaseException] = []

    def hand_over() -> None:
        nonlocal is_handed_over
        with lock:
            if is_left:
                raise _Left
            is_handed_over = True

    def run() -> None:
        nonlocal is_done
        try:
            exchange(hand_over)
        except BaseException as error:
            failed.append(error)
        with lock:
            is_done = True

    beside = Thread(target=run, daemon=True)  # a process does not wait for it when it ends
    beside.start()
    beside.join(seconds)
    with lock:
        is_left = not is_done
        if is_left:
            raise TimeUp(is_handed_over)
    if failed:
        raise failed[0]
