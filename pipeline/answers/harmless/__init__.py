"""What may leave in a workbook: the list of all that is known to be good, and a workbook held against it."""
