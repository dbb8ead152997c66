"""Words for people: the command line. What does not belong here: any one command."""

import gc
import logging
import sys

from pipeline.cli import load, city, metric, sql, postgresql, pages, export, report, keeper, units, form  # isort: skip  # noqa: F401 (each puts its commands into the program, in the order of `--help`)
from pipeline.cli.words import app, harmless, log
from pipeline.ledger.archive import ArchiveProblem
from pipeline.ledger.lookups import NotLogged
from pipeline.ledger.sealed import Broken, KeyProblem
from pipeline.ledger.sums import Damaged


def main() -> None:
    """The command line."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    log.setLevel(logging.INFO)
    try:
        app()
    except (ArchiveProblem, KeyProblem, Damaged, NotLogged) as error:
        sys.exit("\n".join(map(harmless, str(error).splitlines())))
    except Broken as error:  # of the archive's files keepers tell; all else is made again
        sys.exit(f"{harmless(str(error))} Delete warehouse/restricted, which is made again: pipeline load.")
    finally:
        gc.freeze()  # the process ends: looking through all its objects once more would cost a second
