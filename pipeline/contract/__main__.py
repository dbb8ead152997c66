"""`make contract`."""

from pipeline.contract import write
from pipeline.paths import PROJECT

for path in write():
    print(path.relative_to(PROJECT))
