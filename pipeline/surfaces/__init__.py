"""What reads the published version alone, through its door (warehouse/door.py): a shell for SQL, metrics, and whatever else shows it to many.

What does not belong here: anything that has to see what is not published.
"""
