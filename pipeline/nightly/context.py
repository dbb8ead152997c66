"""What dbt reads besides what landed: the registry, the ledger, the loads and this run, made anew of the archive.

What does not belong here: columns and types (warehouse/landing_tables.py).
"""

import datetime as dt
import json

import polars as pl

from pipeline.codes import fold
from pipeline.judging.registry import Registry
from pipeline.ledger.find import period_days
from pipeline.ledger.records import Load, read_loads
from pipeline.ledger.sealed import load_key
from pipeline.nightly.identities import identities_by_keys
from pipeline.paths import Home
from pipeline.warehouse import landing, people
from pipeline.warehouse.landing_tables import CONTEXT


def write_context(home: Home, load: Load, registry: Registry) -> None:
    """Registry, ledger, loads and this run's parameters for dbt."""
    loads = read_loads(home)
    key = load_key(home)
    lines = [
        (one.load_id, line.number, line.path, line.period, line.sender_code, line.content_hash, dt.datetime.fromisoformat(line.seen_at))
        for one in loads
        for line in one.lines
    ]
    periods = [f"{year}{quarter}" for year in range(2000, 2061) for quarter in ("", "-Q1", "-Q2", "-Q3", "-Q4")]
    naive = pl.col("seen_at").dt.replace_time_zone(None)
    landing.write_context(
        home,
        {
            "units": registry.units,
            "heirs": registry.heirs(),
            "calendar": registry.calendar,
            "withdrawals": registry.withdrawals,
            "confirmations": registry.confirmations.group_by("version_code").agg(pl.col("confirmed_on").min()).sort("version_code"),
            **identities_by_keys(registry.identities, key),
            "catalogues": _catalogues(registry, key),
            "periods": pl.DataFrame(
                [(p, "QUARTER" if "-" in p else "YEAR", int(p[:4]), *period_days(p)) for p in periods],
                schema=CONTEXT["periods"],
                orient="row",
            ),
            "ledger": pl.DataFrame(
                lines, schema=dict(CONTEXT["ledger"]) | {"seen_at": pl.Datetime("us", "UTC")}, orient="row"
            ).with_columns(naive),
            "loads": pl.DataFrame(
                [
                    (
                        one.load_id,
                        one.as_of,
                        one.contract,
                        registry_hash(one, key),
                        dt.datetime.fromisoformat(one.started_at).replace(tzinfo=None),
                    )
                    for one in loads
                ],
                schema=CONTEXT["loads"],
                orient="row",
            ),
            "run": pl.DataFrame([(load.load_id, load.as_of, load.contract, people.table_key(key))], schema=CONTEXT["run"], orient="row"),
        },
    )


def _catalogues(registry: Registry, key: bytes) -> pl.DataFrame:
    """The city's catalogues by the keys under which words of units land: what is placed there today is found in rows of any year. All of a thing's
    words stand under the key of its code, which stays when its name is mended."""
    words = registry.catalogue_words()
    codes = words["item_code"].map_elements(fold, return_dtype=pl.String)
    keyed = words.with_columns(word_key=people.keyed(words["word"], key), item_key=people.keyed(codes, key))
    return keyed.select(list(CONTEXT["catalogues"]))


def registry_hash(load: Load, key: bytes) -> str:
    """A short keyed hash of the registry that a load saw."""
    return people.key_of(json.dumps(load.registry, sort_keys=True), key)[:12]
