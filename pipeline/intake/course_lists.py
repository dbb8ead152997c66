"""Whether a list is one of courses because its title, or the sections that its rows begin with, name the course that everybody below took.

Then its columns need not: a name and a result are enough. What does not belong here: what a title or a section says of a course (above).
"""

from collections.abc import Sequence

from pipeline.intake.above import course_of, read_titles
from pipeline.intake.header_search import Search
from pipeline.intake.level_sections import BEGINNING, in_one
from pipeline.intake.rows import HEADER_ROWS, Row

TRAINING = "training"
WHEN_OR_WHERE = {"training_from", "provider"}  # without which a class may be pupils', or a line of a summary


def has_course_sections(rows: Sequence[Row]) -> bool:
    """Do the rows below a header begin with a course's section, with its days or who gave it?"""
    below = [text for row in rows[:HEADER_ROWS] if any(row) and (text := in_one(row))]
    return any(WHEN_OR_WHERE & course_of(text).keys() for text in below[:BEGINNING])


def is_of_a_course(search: Search, names: list[str]) -> bool:
    """Is a list one of who took a course, by what stands above its rows? Its title calls it one and names the course with its days or who gave it; or no
    title and no name calls it anything else, and its sections do. Its columns have to say who the people are."""
    layout, header = search.layout, search.header(TRAINING)
    if header.said.isdisjoint(layout.person.get(TRAINING, ())):
        return False
    titles = search.titles(TRAINING)
    said = read_titles(layout.spoken_of(TRAINING), titles)
    if layout.by_words.called([], titles) == TRAINING and "programme" in said and WHEN_OR_WHERE & said.keys():
        return True
    return layout.by_words.called(names, titles) in (None, TRAINING) and has_course_sections(search.rows[header.bottom + 1 :])
