"""Pictures of the pages for docs/pages.md and README, of a city that is loaded: `.venv/bin/python tests/pages_pictures.py` after `make demo`.

What does not belong here: making pages (pipeline/surfaces/pages).
"""

from pathlib import Path

from browser import MISSING, browser, program

from pipeline.paths import PROJECT, Home

FOLDER = PROJECT / "docs" / "pictures" / "pages"
PICTURES = {  # file → page, width, height
    "home": ("index.html", 1000, 1000),
    "unit": ("units/Q01.002.html", 1000, 1000),
    "phone": ("index.html", 390, 1000),
}


def main(home: Home) -> None:
    if not program():
        raise SystemExit(MISSING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with browser() as own:
        for name, (page, width, height) in PICTURES.items():
            own.size(width, height)
            own.visit(f"file://{home.pages / page}")
            target = FOLDER / f"{name}.png"
            own.picture(target)
            print(f"{target.relative_to(PROJECT)}: {Path(target).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Home.from_environment())
