"""`make contract`."""

import sys

from pipeline.paths import PROJECT

try:
    from pipeline.contract.written import write

    for path in write():
        print(path.relative_to(PROJECT))
except LookupError as forgotten:  # what a list has and another has not, in a sentence
    if type(forgotten) is not LookupError:
        raise  # our own fault
    sys.exit(str(forgotten.args[0]))
