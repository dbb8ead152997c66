"""A night's two ends: while it lasts nobody else writes, and however it ends nothing of it stays open in clear and nobody reads on.

What does not belong here: whether there is anything to do (gate.py), and the steps between.
"""

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from pipeline import gate
from pipeline.nightly.reading import stop_reading
from pipeline.paths import Home


@contextmanager
def night(home: Home, otherwise: Callable[[], Exception]) -> Iterator[None]:
    """One load, run by the command or by Dagster alone; a night within a night is the same one. Raises what `otherwise` says where another runs."""
    with gate.alone(home, otherwise), ExitStack() as end:
        if gc.isenabled():  # many objects and few cycles: a tenth of a night went into looking for cycles
            gc.disable()
            end.callback(gc.enable)
            end.callback(gc.freeze)  # else the first look would go through all that the night made: 0.3 s, and its process ends soon
        end.callback(shutil.rmtree, home.open, ignore_errors=True)  # what dbt reads lies there in clear
        end.callback(stop_reading, home)
        yield
