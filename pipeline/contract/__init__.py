"""What is generated from the schemas, each file whole: dbt's sources and plain models, the rule catalogue, the pages for units.

`make contract` writes them; a test fails when one is stale. What does not belong here: anything written by hand.
"""
