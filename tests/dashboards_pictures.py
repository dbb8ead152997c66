"""Takes the pictures of docs/dashboards.md: `python tests/dashboards_pictures.py HOME [NAME …]`, of a home that has published. Looked at by a person afterwards."""

import subprocess
import sys
import tempfile
from pathlib import Path

import dashboards
import test_dashboards

from pipeline.paths import PROJECT, Home

TO = PROJECT / "docs" / "pictures" / "dashboards"
WIDTH, TALLEST = 1440, 3600
PHONE = "dien-thoai"


def main(home: Home, only: list[str]) -> None:
    """Every dashboard, as high as it is."""
    with dashboards.served(home) as where, dashboards.signed_in(home, where) as seen:
        for slug in [one for one in test_dashboards.SLUGS if one in only] if only else test_dashboards.SLUGS:
            seen.browser.size(WIDTH, TALLEST)
            seen.dashboard(slug)
            if slug == "mot-don-vi":
                seen.choose(1, "Đảng bộ quận Ninh Kiều")
                seen.apply()
            end = seen.browser.run(
                "Math.max(...[...document.querySelectorAll('.dashboard-component-chart-holder')].map(e => e.getBoundingClientRect().bottom))"
            )
            seen.browser.size(WIDTH, int(end) + 24)
            seen.drawn()
            smaller(seen.browser.picture, TO / f"{slug}.png")
        if not only or PHONE in only:
            seen.browser.size(390, 1500)
            seen.dashboard("mot-don-vi")
            smaller(seen.browser.picture, TO / f"{PHONE}.png")


def smaller(take, file: Path) -> None:
    """A picture in 256 colours, where the machine has a program that makes it one."""
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "page.png"
        take(taken)
        file.parent.mkdir(parents=True, exist_ok=True)
        code = "from PIL import Image; import sys; Image.open(sys.argv[1]).convert('RGB').quantize(256).save(sys.argv[2], optimize=True)"
        python = dashboards.server.environment() / "bin" / "python"  # Superset brings it
        subprocess.run([python, "-c", code, taken, file], check=True)


if __name__ == "__main__":
    main(Home(Path(sys.argv[1]).resolve()), sys.argv[2:])
