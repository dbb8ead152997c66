"""A unit's template: a workbook with its people, lists and rules in it, in which a fault turns red while it is typed."""
