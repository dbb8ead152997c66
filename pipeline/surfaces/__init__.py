"""What reads the published version alone, through its door (warehouse/door.py): a shell for SQL, metrics, a copy in PostgreSQL, what leaves.

What does not belong here: anything that has to see what is not published.
"""
