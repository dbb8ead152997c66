"""Puts dashboards into Superset: run by its own environment's Python, with superset_config.py, before it is served.

What does not belong here: making the files that are put in (assets.py).
"""

import json
import os
import sys
from pathlib import Path

import yaml
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask_appbuilder.security.sqla.models import User
from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from superset.app import create_app
from superset.extensions import db
from superset.utils.core import override_user

ADMIN, FIRST = "admin", "thanh-pho"  # who sees it all, and what he sees first
STATE = Path(os.environ["PERSONNEL_DASHBOARDS"])
WORDS = Path(__file__).with_name("words.vi.json")
NO_ANSWER = 3  # what this ends with where the database is not to be had


def main(assets: Path, made_for: str) -> None:
    """The tables of Superset's own, its roles and administrator, where they are not there yet; then what is in a folder, over what was there."""
    reach(assets)
    say(STATE / "translations" / "vi" / "LC_MESSAGES" / "messages.mo")
    done = STATE / "prepared"
    app = create_app()
    with app.app_context():
        import superset

        security = app.appbuilder.sm
        if not done.exists() or done.read_text("utf-8") != made_for:
            upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
            app.appbuilder.add_permissions(update_perms=True)
            security.sync_role_definitions()
            db.session.commit()
        password = os.environ["PERSONNEL_DASHBOARDS_PASSWORD"]
        admin = security.find_user(ADMIN) or security.add_user(
            ADMIN, "Quản trị", "", "admin@localhost", security.find_role("Admin"), password
        )
        security.reset_password(admin.id, password)
        done.write_text(made_for, "utf-8")
        put_in(assets, admin)
        begin_with(admin)


def reach(assets: Path) -> None:
    """Ends here where the database does not answer: every chart would say so in words of its own."""
    for file in (assets / "databases").iterdir():
        try:
            create_engine(yaml.safe_load(file.read_text("utf-8"))["sqlalchemy_uri"]).connect().close()
        except SQLAlchemyError as error:
            print(error, file=sys.stderr)
            sys.exit(NO_ANSWER)


def say(file: Path) -> None:
    """Our words as Superset's server reads them."""
    catalogue = Catalog(locale="vi")
    for said, means in json.loads(WORDS.read_text("utf-8")).items():
        catalogue.add(said, means)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_mo(out, catalogue)


def begin_with(admin: User) -> None:
    """What is seen after signing in."""
    from superset.models.dashboard import Dashboard
    from superset.models.user_attributes import UserAttribute

    attribute = db.session.query(UserAttribute).filter_by(user_id=admin.id).first() or UserAttribute(user_id=admin.id)
    attribute.welcome_dashboard_id = db.session.query(Dashboard).filter_by(slug=FIRST).one().id
    db.session.add(attribute)
    db.session.commit()


def put_in(assets: Path, admin: User) -> None:
    """Databases, datasets, charts and dashboards of a folder; and what we put in before and do so no more is taken out."""
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    files = {str(file.relative_to(assets)): file.read_text("utf-8") for file in sorted(assets.rglob("*.yaml"))}
    with override_user(admin):
        ImportAssetsCommand(files).run()
    ours = {file.rsplit("/", 1)[-1].removesuffix(".yaml") for file in files}
    known = STATE / "put_in"
    gone = {*(known.read_text("utf-8").split() if known.exists() else ())} - ours
    for kind in (Dashboard, Slice, SqlaTable):
        for one in db.session.query(kind).all():
            if str(one.uuid) in gone:
                db.session.delete(one)
    db.session.commit()
    known.write_text("\n".join(sorted(ours)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
