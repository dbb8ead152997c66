"""From the bytes of a unit's file to the text columns of a dataset."""
