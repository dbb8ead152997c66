"""Superset's settings. Superset itself imports this, in the environment of its own (.venv/bi), where the rest of the pipeline is not.

What does not belong here: what dashboards show. Where things lie comes by environment variables from server.py.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy import event
from sqlalchemy.engine import Engine

STATE = Path(os.environ["PERSONNEL_DASHBOARDS"])
PUBLISHED = os.environ["PERSONNEL_PUBLISHED"]
WORDS: dict[str, Any] = json.loads(Path(__file__).with_name("words.vi.json").read_text("utf-8"))

APP_NAME = "Số liệu cán bộ, đảng viên"
SECRET_KEY = (STATE / "secret.key").read_text("utf-8").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{STATE / 'superset.db'}"
DATA_DIR = str(STATE)
WTF_CSRF_ENABLED = True
SESSION_COOKIE_SAMESITE = "Lax"
SUPERSET_WEBSERVER_TIMEOUT = 120
ROW_LIMIT = SAMPLES_ROW_LIMIT = 10_000
RATELIMIT_STORAGE_URI = "memory://"

# ── Vietnamese ───────────────────────────────────────────────────────────────────────────────────────────────────────

BABEL_DEFAULT_LOCALE = "vi"
LANGUAGES = {"vi": {"flag": "vn", "name": "Tiếng Việt"}}
BABEL_TRANSLATION_DIRECTORIES = (
    f"translations;{STATE / 'translations'}"  # what Superset says itself; prepare.py writes it from the same words
)
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
D3_TIME_FORMAT = {
    "dateTime": "%d/%m/%Y %H:%M",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["SA", "CH"],
    "days": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
    "months": [f"Tháng {n}" for n in range(1, 13)],
    "shortMonths": [f"Th{n}" for n in range(1, 13)],
}


_SAID = {"": {"domain": "superset", "lang": "vi", "plural_forms": "nplurals=1; plural=0;"}} | {
    said: [means] for said, means in WORDS.items()
}
PACK: dict[str, Any] = {"domain": "superset", "locale_data": {"superset": _SAID}}


def FLASK_APP_MUTATOR(app: Flask) -> None:
    """Superset ships no Vietnamese: its page asks for the words, and finds ours in its head, which has a place for what we say.

    Its page waits five seconds for them and is English for whoever waited longer, as on two busy cores.
    """
    app.jinja_loader = ChoiceLoader([FileSystemLoader(Path(__file__).parent), app.jinja_loader])

    @app.context_processor
    def in_head() -> dict[str, Any]:
        return {"vietnamese": PACK}

    @app.before_request
    def words() -> Response | None:
        return Response(json.dumps(PACK), mimetype="application/json") if request.path == "/superset/language_pack/vi/" else None


# ── how it looks ─────────────────────────────────────────────────────────────────────────────────────────────────────

_LETTERS = f'<text x="0" y="22" font-family="Arial, sans-serif" font-size="18" font-weight="600" fill="#1F4E78">{APP_NAME}</text>'
LOGO = "data:image/svg+xml," + quote(f'<svg xmlns="http://www.w3.org/2000/svg" width="230" height="30">{_LETTERS}</svg>')
THEME_DEFAULT = {
    "token": {
        "brandAppName": APP_NAME,
        "brandLogoAlt": APP_NAME,
        "brandLogoUrl": LOGO,
        "brandLogoHref": "/dashboard/list/",
        "brandLogoHeight": "28px",
        "brandLogoMargin": "10px 0",
        "colorPrimary": "#1F4E78",
        "colorLink": "#1F4E78",
        "fontFamily": "Inter, Arial, sans-serif",
    },
    "algorithm": "default",
}
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "personnel",
        "label": "Cán bộ",
        "description": "",
        "isDefault": True,
        "colors": ["#1F4E78", "#6FA8DC", "#E0A030", "#B5473C", "#5B8C5A", "#8E7CC3", "#A0A0A0", "#4BACC6"],
    }
]
FEATURE_FLAGS = {
    "ENABLE_TEMPLATE_PROCESSING": True,  # a chart shows the level of units that is filtered (definitions.py)
    "DASHBOARD_CROSS_FILTERS": True,
    "DRILL_BY": True,
    "DRILL_TO_DETAIL": True,
}

# ── nothing leaves the machine ───────────────────────────────────────────────────────────────────────────────────────

TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],  # without Superset's list, which has a counter of visits
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,  # it is served to this machine alone
}
FAB_API_SWAGGER_UI = False

# ── the door: one published version, whole, and nothing else ─────────────────────────────────────────────────────────


@event.listens_for(Engine, "connect")  # type: ignore[untyped-decorator]
def opened(connection: Any, _record: Any) -> None:
    """As the pipeline's own door does (warehouse/door.py): the version in force, read-only, and no other file.

    Each connection is a database of its own in memory, so that it opens the version that is published at that moment.
    """
    if not type(connection).__module__.startswith("duckdb_engine"):
        return
    file = str(Path(PUBLISHED).resolve()).replace("'", "''")
    for setting in (
        f"ATTACH '{file}' AS published (READ_ONLY)",
        "USE published",
        "SET python_enable_replacements = false",
        "SET threads = 2",
        "SET memory_limit = '2GB'",
        "SET temp_directory = ''",
        "SET enable_external_access = false",
        "SET disabled_filesystems = 'LocalFileSystem'",
        "SET lock_configuration = true",
    ):
        connection.execute(setting)
