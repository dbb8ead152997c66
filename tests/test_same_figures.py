"""What people read is what the metrics say: pages and reports, of a small city, figure by figure; and what nobody spoke of is nowhere nought.

That a metric is its report's column is held in test_metrics; the article's figures, of the whole city and on every surface, in test_city.
"""

import datetime as dt

from test_pages import Page

from pipeline.codes import labels
from pipeline.paths import Home
from pipeline.surfaces import exports
from pipeline.surfaces.metrics.answer import ask
from pipeline.surfaces.public import Rules
from pipeline.surfaces.reports.build import document
from pipeline.surfaces.reports.declared import kinds
from pipeline.surfaces.reports.figures import Figures
from pipeline.surfaces.reports.letter import Signer
from pipeline.warehouse.door import published

OFFICIALS = ("CADRE", "CIVIL_SERVANT", "PUBLIC_EMPLOYEE")
DAY = dt.date(2021, 12, 20)


def test_a_system_that_no_list_speaks_of_is_unknown_on_every_surface(small: Home) -> None:
    """Every base organisation sent its members, leaders and collective, and no official, of whom there are some on the rosters."""
    with published(small) as version:
        of_city = "SELECT population, rated, not_rated, unexplained, units_without_answer FROM reports.rpt_rating_summary WHERE period = '2021' AND unit_type_code = 'CITY'"
        frames = exports.public_tables(version, Rules())
        public = frames["rpt_rating_summary"].filter(period="2021", unit_type_code="CITY")
        figures = Figures(version, 2021)
        report = document(kinds()["RATINGS"], figures, figures.unit(None), Signer(), DAY)
        for system in OFFICIALS:
            ((population, *counts, awaited),) = version.db.execute(f"{of_city} AND rating_system_code = '{system}'").fetchall()
            assert population > 0 and counts == [None, None, None] and awaited > 0
            assert [row[-1] for row in ask(version, "rated", ["year"], f"year = 2021 AND rating_system = '{system}'").rows] == [None]
            row = Page(small.pages / "index.html").row(labels("rating_system")[system])
            assert row[1:] == [f"…còn {awaited} tổ chức cơ sở chưa nộp xếp loại", "…", "…", "…"]
            (told,) = public.filter(rating_system_code=system).to_dicts()
            assert told["rated"] is None and "rated" not in (told["withheld"] or "")
    assert "Chưa có kết quả đánh giá, xếp loại cán bộ, công chức, viên chức năm 2021." in report.paragraphs
    assert [t.title for t in report.tables] == [
        f"Kết quả đánh giá, xếp loại {labels('rating_system')[s].lower()} năm 2021" for s in ("PARTY_MEMBER", "LEADER", "COLLECTIVE")
    ]
