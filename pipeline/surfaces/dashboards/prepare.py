"""Puts dashboards into Superset: run by its own environment's Python, with superset_config.py, before it is served.

What does not belong here: making the files that are put in (assets.py).
"""

import os
import sys
from pathlib import Path

from flask_appbuilder.security.sqla.models import User
from flask_migrate import upgrade
from superset.app import create_app
from superset.extensions import db
from superset.utils.core import override_user

ADMIN = "admin"


def main(assets: Path, made_for: str) -> None:
    """The tables of Superset's own, its roles and administrator, where they are not there yet; then what is in a folder, over what was there."""
    done = Path(os.environ["PERSONNEL_DASHBOARDS"]) / "prepared"
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
        admin = security.find_user(ADMIN) or security.add_user(ADMIN, "Quản trị", "", "admin@localhost", security.find_role("Admin"), password)
        security.reset_password(admin.id, password)
        done.write_text(made_for, "utf-8")
        put_in(assets, admin)


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
    known = Path(os.environ["PERSONNEL_DASHBOARDS"]) / "put_in"
    gone = {*(known.read_text("utf-8").split() if known.exists() else ())} - ours
    for kind in (Dashboard, Slice, SqlaTable):
        for one in db.session.query(kind).all():
            if str(one.uuid) in gone:
                db.session.delete(one)
    db.session.commit()
    known.write_text("\n".join(sorted(ours)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
