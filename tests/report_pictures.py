"""The pictures of docs/reports.md, made anew of a loaded sample city: `python tests/report_pictures.py HOME`. Needs LibreOffice and pdftoppm.

What does not belong here: what a report holds.
"""

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

from libreoffice import SECONDS, SOFFICE

from pipeline.paths import PROJECT, Home
from pipeline.surfaces.reports.build import document
from pipeline.surfaces.reports.declared import kinds
from pipeline.surfaces.reports.figures import Figures
from pipeline.surfaces.reports.letter import Signer
from pipeline.surfaces.reports.makers import WRITERS
from pipeline.warehouse.door import published

PICTURES = PROJECT / "docs" / "pictures" / "reports"
PARTY = Signer(
    above="Thành ủy Cần Thơ", issuer="Ban Tổ chức", number="05", sign="BTCTU", place="Cần Thơ", authority="K/T TRƯỞNG BAN", post="PHÓ TRƯỞNG BAN",
    name="Nguyễn Văn Mẫu", recipients="Ban Thường vụ Thành ủy; Ban Tổ chức Trung ương; Lưu Văn phòng Ban Tổ chức",
)  # fmt: skip
STATE = Signer("STATE", "Ủy ban nhân dân quận Ninh Kiều", "Phòng Nội vụ", "", "PNV", "Ninh Kiều", "", "TRƯỞNG PHÒNG")
DAY = dt.date(2026, 11, 30)
DOTS = "60"  # to an inch: to be read on a page, and some 25 KB each
# picture: kind, unit, who signs, format, page
SHOWN = {
    "text": ("RATINGS", "CT", PARTY, "pdf", 1),
    "table": ("RATINGS", "CT", PARTY, "pdf", 2),
    "of-the-state": ("RATINGS", "Q01", STATE, "docx", 1),
    "second-page": ("RATINGS", "Q01", STATE, "docx", 3),
    "workbook": ("RATINGS", "CT", PARTY, "xlsx", 2),
    "discipline": ("DISCIPLINE", "CT", PARTY, "pdf", 2),
    "cell": ("RATINGS", "Q01.002.03", Signer(), "pdf", 1),
}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, published(Home(Path(sys.argv[1]).resolve())) as version:
        figures = Figures(version, 2021)
        for name, (kind, unit, signer, form, page) in SHOWN.items():
            file = Path(folder, f"{name}.{form}")
            file.write_bytes(WRITERS[form](document(kinds()[kind], figures, figures.unit(unit), signer, DAY)))
            if form != "pdf":
                profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
                command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(file)]
                subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
            draw = ["pdftoppm", "-gray", "-r", DOTS, "-f", str(page), "-l", str(page), "-singlefile", "-png", str(file.with_suffix(".pdf"))]
            subprocess.run([*draw, str(PICTURES / name)], check=True, timeout=SECONDS)
            print(f"docs/pictures/reports/{name}.png")


if __name__ == "__main__":
    main()
