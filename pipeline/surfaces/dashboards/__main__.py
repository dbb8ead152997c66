"""`make bi` and `make bi-stop`. What does not belong here: anything but words for whoever typed them."""

import sys

from pipeline.paths import Home
from pipeline.surfaces.address import NoAddress
from pipeline.surfaces.dashboards import server
from pipeline.warehouse.door import NothingPublished


def main(asked: list[str]) -> int:
    """Start or stop; a fault is one sentence."""
    home = Home.from_environment()
    if asked not in (["start"], ["stop"]):
        print("Usage: python -m pipeline.surfaces.dashboards start|stop", file=sys.stderr)
        return 2
    if asked == ["stop"]:
        print("Stopped." if server.stop(home) else "Nothing runs.")
        return 0
    try:
        where = server.start(home)
    except (server.NotServed, NothingPublished, NoAddress) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Dashboards: {where} (user {server.ADMIN}, password in {home.dashboards / 'admin.password'}). `make bi-stop` ends them.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
