"""`python -m pipeline.cli` is the command `pipeline`. What does not belong here: anything else."""

from pipeline.cli import main

main()
