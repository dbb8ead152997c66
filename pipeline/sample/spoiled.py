"""Faults of whole files; and where files of other years lie, whose rules are not those of 2021.

What does not belong here: faults in the rows of an ordinary file, and what files of other years hold (later, eras).
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import xlsxwriter

from pipeline.sample.city import City
from pipeline.sample.eras import workbooks
from pipeline.sample.files import MADE_ON, Grid, Packet, Planted, csv_bytes, file_bytes, grid, office_of, packet_files, places, xlsx_bytes
from pipeline.sample.later import LATER, tables_of
from pipeline.sample.office import Cell, Office, labels_in_use
from pipeline.sample.people import Births, Person
from pipeline.sample.recipes import person
from pipeline.sample.tree import Base

LETTERS = Path(__file__).parents[1] / "intake" / "letters.csv"
XML_2003 = b"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>"""
Fault = tuple[str, int | None, str, str]  # sheet, row, rule and kind
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@cache
def _tcvn3() -> Mapping[int, str]:
    """Letter to what Windows shows of it; a capital with a tone, which fonts do not have, to its small letter's."""
    with LETTERS.open(encoding="utf-8", newline="") as file:
        codes = {row["char"]: int(row["tcvn3"], 16) for row in csv.DictReader(file)}
    return {ord(char): chr(code if code > 0xA0 else codes[char.lower()]) for char, code in codes.items()}


def in_tcvn3(name: str) -> str:
    """A name as it is typed with an old font.

    >>> in_tcvn3("Nguyễn Văn Ánh")
    'NguyÔn V¨n ¸nh'
    """
    return name.translate(_tcvn3())


class Spoiler:
    """Rewrites files of base organisations that were kept out of all else. `paths` and `planted` grow."""

    def __init__(
        self,
        rng: Random,
        raw: Path,
        seed: int,
        city: City,
        bases: list[Base],
        old: list[Base],
        births: Births,
        packet_of: Callable[[Base], Packet],
    ):
        self.rng, self.raw, self.seed, self.city, self.bases, self.packet_of = rng, raw, seed, city, iter(bases), packet_of
        self.old, self.births = old, births  # base organisations that have stood for long
        self.paths: list[str] = []
        self.planted: list[Planted] = []

    def spoil(self) -> None:
        """One file of each bad kind."""
        for kind, rule, make in (
            ("0 bytes", "file_not_empty", lambda data: b""),
            ("random bytes named .xlsx", "file_readable", lambda data: b"\xff\xfe" + self.rng.randbytes(4000)),
            ("half a workbook", "file_readable", lambda data: data[: len(data) // 2]),
            ("protected by a password", "file_not_protected", protect),
            (
                "a PDF named .xlsx",
                "file_not_document",
                lambda data: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
            ),
            ("a picture named .xlsx", "file_not_picture", lambda data: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + self.rng.randbytes(400)),
            ("an archive named .xlsx", "file_not_archive", lambda data: b"Rar!\x1a\x07\x01\x00" + self.rng.randbytes(400)),
            ("a web page named .xlsx", "file_not_web_page", lambda data: b"<html><body><table><tr><td>STT</td></tr></table></body></html>"),
            ("an XML spreadsheet", "file_not_xml", lambda data: XML_2003),
            ("a cell far from the table", "cells_in_bounds", lambda data: _with_a_far_cell()),
        ):
            base, office = self._next()
            data = xlsx_bytes(self._sheets(base, office, ("training",)))
            self._add(base, "dao-tao.xlsx", make(data), [("", None, rule, kind)], alone=True)
        self._not_utf8()
        self._unknown_content()
        self._headers()
        self._other_year()
        self._two_files()
        self._misplaced()
        self._laid_out_otherwise()
        self._hundred_faulty_rows()

    # what stands in the folder

    def _next(self) -> tuple[Base, Office]:
        base = next(self.bases)
        return base, in_workbooks(office_of(self.seed, self.packet_of(base)))

    def _sheets(self, base: Base, office: Office, datasets: tuple[str, ...]) -> list[Grid]:
        tables = self.packet_of(base).tables
        return [replace(grid(office, "2021", d, tables[d]), planted=[]) for d in datasets]

    def _add(self, base: Base, name: str, data: bytes, faults: Sequence[Fault], alone: bool = False) -> None:
        """Put a file into the base organisation's folder; `alone` empties the folder first."""
        folder = self.raw / "2021" / base.unit.unit_code
        if alone:
            for file in folder.iterdir():
                file.unlink()
        self._put(f"2021/{base.unit.unit_code}/{name}", data, faults)

    def _put(self, path: str, data: bytes, faults: Sequence[Fault]) -> None:
        (self.raw / path).parent.mkdir(parents=True, exist_ok=True)
        (self.raw / path).write_bytes(data)
        self.paths.append(path)
        self.planted += [Planted(path, sheet, row, rule, kind) for sheet, row, rule, kind in faults]

    # the kinds

    def _not_utf8(self) -> None:
        base, office = self._next()
        text = csv_bytes(self._sheets(base, office, ("training",))[0], office).decode(office.encoding)
        data = text.encode("cp1258", errors="replace") + b"\xd2\xec\xde"  # tone marks of a code page of old
        self._add(base, "dao-tao.csv", data, [("", None, "text_encoding_certain", "CSV in letters that cannot be told")], alone=True)

    def _unknown_content(self) -> None:
        base, office = self._next()
        sheet = Grid("Sheet1", [["Lịch trực cơ quan"], ["Thứ hai", "Tổ 1"], ["Thứ ba", "Tổ 2"]], [])
        kind = "no known dataset"
        faults = [("", None, "known_dataset_present", kind), ("Sheet1", None, "sheet_known", kind)]
        self._add(base, "lich-truc.xlsx", xlsx_bytes([sheet]), faults, alone=True)
        base, office = self._next()
        sheets = [*self._sheets(base, office, ("training", "rotation")), replace(sheet, name="Phụ lục")]
        self._add(base, "bao-cao.xlsx", xlsx_bytes(sheets), [("Phụ lục", None, "sheet_known", "a sheet beside the forms")], alone=True)

    def _headers(self) -> None:
        base, office = self._next()
        rows: list[list[Cell]] = [["DANH SÁCH"], [], ["STT", "Họ và tên", "Số CCCD", "Ghi chú"], [1.0, "Nguyễn Văn An", "092080000001"]]
        faults = [("Xếp loại", 3, "required_column_present", "wrong columns")]
        self._add(base, "xep-loai.xlsx", xlsx_bytes([Grid("Xếp loại", rows, [])]), faults, alone=True)
        base, office = self._next()
        g = self._sheets(base, office, ("training",))[0]
        at = g.cells[g.header].index(office.headers["training", "programme_type_code"])
        for row in g.cells[g.header :]:
            del row[at : at + 1]
        faults = [(g.name, g.header + 1, "usual_column_present", "a column that every list has is not there")]
        self._add(base, "dao-tao.xlsx", xlsx_bytes([g]), faults, alone=True)
        for rule, header, kind in (("column_known", "Số điện thoại", "a column more"), ("column_once", "Họ tên", "a column twice")):
            base, office = self._next()
            g = self._sheets(base, office, ("training",))[0]
            g.cells[g.header].append(header)
            faults = [(g.name, g.header + 1, rule, kind)]
            if rule == "column_known":
                g.cells[g.header + 1] += [None, "đã nhận thẻ"]
                faults.append((g.name, g.header + 1, "column_titled", "a column without a header"))
            self._add(base, "dao-tao.xlsx", xlsx_bytes([g]), faults, alone=True)

    def _hundred_faulty_rows(self) -> None:
        base, office = self._next()
        rows = self.packet_of(base).tables["ratings"]
        kind, many = "100 faulty rows", 100
        bad = [r | {"_raw": {"decided_level_code": "Tốt lắm"}, "_planted": (("code_known", kind),)} for r in rows[:many]]
        g = grid(office, "2021", "ratings", bad + rows[many:])
        faults = [(g.name, row, "code_known", kind) for row, _ in g.planted]
        self._add(base, "xep-loai.xlsx", xlsx_bytes([g]), [*faults, ("", None, "most_rows_usable", kind)], alone=True)

    def _laid_out_otherwise(self) -> None:
        """What the reader mends or only tells: hidden things, headers, marks, ditto marks, totals, old letters."""

        def of(g: Grid, office: Office, column: str) -> int:
            return g.cells[g.header].index(office.headers["ratings", column])

        def hide_row(g: Grid, office: Office) -> int:
            g.hidden_row = g.header + 2
            return g.hidden_row + 1

        def hide_column(g: Grid, office: Office) -> int:
            g.hidden_column = of(g, office, "identity_number")
            return g.header + 1

        def misspell(g: Grid, office: Office) -> int:
            g.cells[g.header][of(g, office, "identity_number")] = (
                "Số định danh cá nhânn"  # long enough to be certain, whatever the office says
            )
            return g.header + 1

        def say_as_above(g: Grid, office: Office) -> int:
            at = of(g, office, "decision_no")
            for above, row in zip(g.cells[g.header + 1 :], g.cells[g.header + 2 :], strict=False):
                if row and above and row[at] == above[at]:
                    row[at] = "nt"
                    break
            return g.header + 1

        def add_up_wrongly(g: Grid, office: Office) -> int:
            g.cells.append([None, "Tổng cộng: 9999 người"])
            return len(g.cells)

        def fail_a_formula(g: Grid, office: Office) -> int:
            g.cells[g.header + 1][of(g, office, "full_name")] = "#REF!"
            return g.header + 2

        def mix_letters(g: Grid, office: Office) -> int:
            row = g.cells[g.header + 1]
            row[of(g, office, "full_name")] = f"{row[of(g, office, 'full_name')]} Vаn"  # its second letter is Cyrillic
            return g.header + 2

        def write_in_old_letters(g: Grid, office: Office) -> int:
            at = of(g, office, "full_name")
            for row in filter(None, g.cells[g.header + 1 :]):
                row[at] = row[at] and in_tcvn3(str(row[at]))
            return g.header + 1

        for rule, kind, change in (
            ("row_shown", "a hidden row", hide_row),
            ("column_shown", "a hidden column", hide_column),
            ("column_named_exactly", "a header misspelled", misspell),
            ("cell_filled_down", "ditto marks", say_as_above),
            ("total_matches_details", "a wrong total", add_up_wrongly),
            ("no_formula_error", "a formula that failed", fail_a_formula),
            ("letters_of_one_alphabet", "a Cyrillic letter in a name", mix_letters),
            ("text_in_unicode", "names in TCVN3", write_in_old_letters),
        ):
            base, office = self._next()
            g = self._sheets(base, office, ("ratings",))[0]
            row = change(g, office)
            self._add(base, "xep-loai.xlsx", xlsx_bytes([g]), [(g.name, row, rule, kind)], alone=True)
        base, office = self._next()
        shown, unseen = self._sheets(base, office, ("ratings", "training"))
        unseen.is_hidden = True
        self._add(base, "bao-cao.xlsx", xlsx_bytes([shown, unseen]), [(unseen.name, None, "sheet_shown", "a hidden sheet")], alone=True)
        self._two_marks()

    def _two_marks(self) -> None:
        """One column per level; a row bears two marks."""
        base, office = self._next()
        rows = [r for r in self.packet_of(base).tables["ratings"] if r["decided_level_code"] != "NOT_RATED"]
        g = replace(grid(office, "2021", "ratings", rows), planted=[])
        at = g.cells[g.header].index(office.headers["ratings", "decided_level_code"])
        levels = {code: spoken[0] for code, spoken in labels_in_use("rating_level").items() if code != "NOT_RATED"}
        g.cells[g.header][at : at + 1] = levels.values()
        marked = zip(filter(None, g.cells[g.header + 1 :]), rows, strict=True)
        for row, truth in marked:
            row[at : at + 1] = ["x" if level == truth["decided_level_code"] else None for level in levels]
        g.cells[g.header + 1][at : at + 4] = ["x", "x", None, None]
        faults = [(g.name, g.header + 2, "one_level_marked", "two marks in a row")]
        self._add(base, "xep-loai.xlsx", xlsx_bytes([g]), faults, alone=True)

    def _other_year(self) -> None:
        base, office = self._next()
        kind = "other year inside"
        mark = {"_raw": {"period": "2020"}, "_planted": (("rating_of_folder_year", kind),)}
        g = grid(office, "2021", "ratings", [r | mark for r in self.packet_of(base).tables["ratings"]])
        faults = [(g.name, row, "rating_of_folder_year", kind) for row, _ in g.planted]
        self._add(base, "xep-loai.xlsx", xlsx_bytes([g]), [*faults, ("", None, "rating_of_folder_year_present", kind)], alone=True)

    def _two_files(self) -> None:
        base, office = self._next()
        g = self._sheets(base, office, ("training",))[0]
        kind = "two files for one dataset"
        self._add(base, "dao-tao.xlsx", xlsx_bytes([g]), [("", None, "one_file_per_dataset", kind)], alone=True)
        self._add(base, "boi-duong.csv", csv_bytes(g, office), [("", None, "one_file_per_dataset", kind)])

    def _misplaced(self) -> None:
        base, office = self._next()
        g = self._sheets(base, office, ("discipline",))[0]
        self._put("2021/Q99.999/ky-luat.xlsx", xlsx_bytes([g]), [("", None, "sender_known", "unknown unit")])
        self._put("2021/ky-luat.xlsx", xlsx_bytes([g]), [("", None, "file_in_unit_folder", "file outside a unit's folder")])

    # rules of later years

    def later_years(self) -> None:
        """A folder of 2025, whose rules do not hold in 2021: scores, quarters, postings, discipline."""
        known = (r for (_, _, d), rows in self.city.rows.items() if d in ("rotation", "discipline") for r in rows)
        moved = {r["identity_number"] for r in known if person(r)}
        homes: dict[str, list[Person]] = {}
        for p in self.city.people:
            stays = p.joined and p.joined.year < 2018 and p.home.spell_to is None and not (p.exempt or p.suspended)
            if stays and p.identity_number not in moved:
                homes.setdefault(p.home.base.unit_code, []).append(p)
        base, _ = self._next()
        people = homes[base.unit.unit_code]
        roster = self.city.rows["2021", base.unit.unit_code, "personnel"]
        packet = replace(self.packet_of(base), period=LATER, tables=tables_of(people, base, roster))
        office = office_of(self.seed, packet)
        for name, sheets in packet_files(office, packet).items():
            path = f"{LATER}/{base.unit.unit_code}/{name}"
            self._put(path, file_bytes(name, sheets, office), [])
            self.planted += places(path, sheets)

    def other_years(self) -> None:
        """Each version of the law in a year of its own."""
        by_rows, by_years = (base.unit for base in self.old)
        for path, sheets in workbooks(self.births, by_rows, by_years):
            for file in (self.raw / path).parent.glob("*"):  # of the city's own year
                file.unlink()
            self._put(path, xlsx_bytes(sheets), [])
            self.planted += places(path, sheets)


def in_workbooks(office: Office) -> Office:
    """The office's habits, but writing real workbooks."""
    office.packing = "WORKBOOK"
    return office


def _with_a_far_cell() -> bytes:
    """A space typed in the sheet's last corner."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": MADE_ON})
        sheet = book.add_worksheet("Đào tạo")
        sheet.write_string(0, 0, "Họ và tên")
        sheet.write_string(1_048_575, 16_383, "x")
    return buffer.getvalue()


def protect(data: bytes) -> bytes:
    """The workbook behind a password; the only bytes that differ from run to run. Without the library, an old container."""
    try:
        from msoffcrypto.format.ooxml import OOXMLFile
    except ImportError:
        return OLE + bytes(4088)
    encrypted = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt("mat-khau", encrypted)
    return encrypted.getvalue()
