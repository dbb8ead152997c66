"""How large a sample city is: the article's numbers, and a small city for tests.

What does not belong here: how people or files are made.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Counts that a generated city must hold exactly. All years are 2021 unless the name says otherwise."""

    superiors: int
    base_committees: int
    base_cells: int
    sections: int
    cells: int  # those under sections included
    members: int  # primary spells of full and probationary members open at the year's end
    admitted_2020: int
    admitted_first_half: int  # old enough in the Party to be rated
    # why members are not rated: the article gives only their sum, so the split is invented
    admitted_second_half: int
    exempt: int
    suspended: int
    worked_less: int
    # rated members, exclusive levels
    excellent: int
    completed: int
    not_completed: int
    leaders: tuple[int, int, int, int]  # excellent, good, completed, not completed
    # persons disciplined by the Party
    disciplined: int
    expelled: int
    removed: int
    committee: tuple[int, int, int, int]  # city, superior, base, cell committee members among the disciplined
    disciplined_2020: int
    expelled_2020: int
    # invented: what the article does not count
    movers: int  # within the city, per year
    leavers: int  # died, moved away, struck off or left, per year
    secondary: int
    officials: int  # civil servants and public employees who are not members
    rotations: int
    trainings: int

    @property
    def bases(self) -> int:
        return self.base_committees + self.base_cells

    @property
    def not_rated(self) -> int:
        return self.admitted_second_half + self.exempt + self.suspended + self.worked_less

    @property
    def rated(self) -> int:
        return self.members - self.not_rated

    @property
    def good_inclusive(self) -> int:
        return self.rated - self.completed - self.not_completed


ARTICLE = Scale(
    superiors=15, base_committees=430, base_cells=197, sections=38, cells=2341, members=53_895,
    admitted_2020=1450, admitted_first_half=690, admitted_second_half=760, exempt=3560, suspended=38, worked_less=74,
    excellent=8715, completed=2013, not_completed=166, leaders=(434, 790, 9, 3),
    disciplined=127, expelled=12, removed=5, committee=(1, 1, 4, 19), disciplined_2020=68, expelled_2020=6,
    movers=600, leavers=560, secondary=300, officials=5000, rotations=400, trainings=3000,
)  # fmt: skip

SMALL = Scale(
    superiors=2, base_committees=8, base_cells=4, sections=2, cells=30, members=640,
    admitted_2020=18, admitted_first_half=10, admitted_second_half=10, exempt=40, suspended=3, worked_less=3,
    excellent=92, completed=30, not_completed=15, leaders=(8, 12, 2, 2),
    disciplined=12, expelled=2, removed=1, committee=(0, 1, 2, 2), disciplined_2020=6, expelled_2020=1,
    movers=12, leavers=12, secondary=8, officials=60, rotations=14, trainings=40,
)  # fmt: skip

# a small city with room for every planted fault, none beside another
FAULTY = Scale(
    superiors=4, base_committees=56, base_cells=14, sections=4, cells=230, members=5200,
    admitted_2020=140, admitted_first_half=70, admitted_second_half=80, exempt=330, suspended=6, worked_less=8,
    excellent=810, completed=260, not_completed=60, leaders=(45, 80, 3, 2),
    disciplined=60, expelled=3, removed=2, committee=(0, 1, 3, 5), disciplined_2020=40, expelled_2020=2,
    movers=60, leavers=80, secondary=40, officials=500, rotations=160, trainings=420,
)  # fmt: skip
