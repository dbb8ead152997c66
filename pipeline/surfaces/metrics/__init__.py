"""Metrics asked of the published version: `pipeline metric`. What does not belong here: what metrics there are (pipeline/metrics.py)."""
