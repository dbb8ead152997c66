"""The archive looked through, copied, brought back, and parts of it let go: verify, mend, back up, restore, erase.

Whoever keeps the archive finds it here; each stands in a module of its own. What does not belong here: how bytes and records come into the archive
and how a backup lies on a disk (ledger), and making tables.
"""

from pipeline.keeping.backing_up import Backed, back_up
from pipeline.keeping.erasing import Erased, erase
from pipeline.keeping.mending import mend
from pipeline.keeping.restoring import Restored, restore
from pipeline.keeping.verifying import Looked, lost_and_waiting, verify

__all__ = ["Backed", "Erased", "Looked", "Restored", "back_up", "erase", "lost_and_waiting", "mend", "restore", "verify"]
