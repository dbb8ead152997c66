"""Dagster's assets: thin. Each calls one plain function of the night's work and says what came of it.

What does not belong here: logic. (No `from __future__ import annotations`: Dagster reads the annotations.)
"""

import datetime as dt
import logging
import os
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from pipeline import gate, history, nightly
from pipeline.answers.receipts.write import write_receipts
from pipeline.judging.recount import NotAsRead
from pipeline.judging.registry import RegistryProblem
from pipeline.ledger.archive import ArchiveProblem
from pipeline.ledger.find import REGISTRY_FILES, find_registry, passed_over
from pipeline.ledger.lookups import NotLogged
from pipeline.ledger.records import read_loads
from pipeline.ledger.sealed import Broken, KeyProblem
from pipeline.ledger.sums import Damaged
from pipeline.paths import Home
from pipeline.schemas import SCHEMAS
from pipeline.surfaces import due, notices
from pipeline.warehouse import confirmed, dictionary, landing, publish, transform
from pipeline.warehouse.recognised import Recognisable

log = logging.getLogger("pipeline")

# Failures whose words are written for people and hold nobody's data.
SPEAKABLE = (
    RegistryProblem,
    nightly.DayInDoubt,
    KeyProblem,
    Broken,
    ArchiveProblem,
    Damaged,
    NotAsRead,
    Recognisable,
    NotLogged,
    transform.BuildFailed,
)


class LockedHome(dg.ConfigurableResource["LockedHome"]):
    """The city's home for a night: one load at a time, and nothing left open by it. The system frees the lock of a process that dies."""

    root: str

    @property
    def home(self) -> Home:
        return Home(Path(self.root))

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["LockedHome"]:
        with nightly.night(self.home, lambda: dg.Failure("Another load is running; this one stops.")):
            yield self


class OperatorAnswers(dg.ConfigurableResource["OperatorAnswers"]):
    """What the operator confirms for this run, where an earlier one stopped and asked (`gate.Answers`)."""

    as_of: str = ""
    take_back: bool = False
    accept_registry: bool = False

    def read(self) -> gate.Answers:
        return gate.Answers(dt.date.fromisoformat(self.as_of) if self.as_of else None, self.take_back, self.accept_registry)


@contextmanager
def scrubbed() -> Iterator[None]:
    """Exceptions may quote a cell, and Dagster keeps their words for ever: only our own words pass."""
    try:
        yield
    except SPEAKABLE as error:
        rows = "\n".join(error.rows[:50]) if isinstance(error, RegistryProblem) else ""
        raise dg.Failure(f"{error}\n{rows}".strip()) from None
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        raise dg.Failure(f"{type(error).__name__} in {os.path.basename(where.filename)}, line {where.lineno}") from None


@dg.asset(description="Units, calendar and withdrawals of the city, checked across rows. A fault here stops the load.", kinds={"xlsx"})
def registry(context: dg.AssetExecutionContext, locked: LockedHome) -> dg.MaterializeResult[None]:
    """The registry as it lies there, checked. Raises RegistryProblem: the load stops."""
    home = locked.home
    with scrubbed():
        checked = nightly.check_registry(home, find_registry(home))
        for name in passed_over(home):
            log.warning("registry/%s is none of %s: nobody reads it", name, ", ".join(REGISTRY_FILES))
    return dg.MaterializeResult(metadata={name: getattr(checked, name).height for name in ("units", "calendar", "withdrawals")})


@dg.asset(deps=[registry], description="What units sent: found, fingerprinted, archived, written into the ledger.", kinds={"xlsx", "csv"})
def submissions(context: dg.AssetExecutionContext, locked: LockedHome, answers: OperatorAnswers) -> dg.MaterializeResult[None]:
    """What is new in raw, archived and written into the ledger: the load's record."""
    home, said = locked.home, answers.read()
    with scrubbed():
        look = gate.look(home, said.as_of, take_back=said.take_back)
        checked = nightly.check_registry(home, look.registry)
        load = nightly.open_load(home, look, checked, accept_registry=said.accept_registry)
        nightly.write_context(home, load, checked)
    for answer, words in (("lost", "accepts what the registry lost"), ("taken_back", "takes back the day")):
        if answer in load.accepted and look.reasons:
            _say(context, f"{load.accepted['by']} {words}: {load.accepted[answer]}")
    _say(context, f"load {load.load_id} as of {load.as_of}: {'; '.join(look.reasons) or 'finishes what was recorded'}")
    if missed := len(look.gone) + (len(look.files) - len(load.lines) if look.reasons else 0):
        _say(context, f"{missed} files went away or are being written; the next load takes what is there then")
    return dg.MaterializeResult(metadata={"load_id": load.load_id, "as_of": str(load.as_of), "files": len(load.lines)})


@dg.multi_asset(
    specs=[
        dg.AssetSpec(name, deps=[submissions], description=schema.description, group_name="landing", kinds={"parquet", "pandera"})
        for name, schema in SCHEMAS.items()
    ],
    check_specs=[dg.AssetCheckSpec("no_row_is_lost", asset=name, description="Rows read = accepted + set aside.") for name in SCHEMAS]
    + [
        dg.AssetCheckSpec("no_submission_refused", asset=name, description="No submission was refused whole; refusals wait for the unit.")
        for name in SCHEMAS
    ],
    name="landing",
)
def landing_assets(context: dg.AssetExecutionContext, locked: LockedHome) -> Iterator[Any]:
    """What is not landed yet, judged in batches and landed; a materialization for each dataset."""
    home = locked.home
    with scrubbed():
        load = read_loads(home)[-1]
        landed = nightly.judge_new(home, load, progress=_log_tenths(context))
        findings = landing.landed(home, load.contract, "findings").join(landed.submissions, on="submission_key", how="semi")
    if landed.brought_back:
        _say(
            context,
            f"{landed.brought_back} files that the archive had lost came back from raw or a backup; `pipeline verify` looks at all others",
        )
    for v in landed.changed_verdicts.iter_rows(named=True):
        _say(context, f"verdict changed: {v['period']} {v['sender_code']} {v['dataset_code']}: {v['verdict_before']} → {v['verdict_code']}")
    for name in SCHEMAS:
        own = landed.submissions.filter(dataset_code=name)
        counts = {c: int(own[c].sum()) for c in ("rows_read", "rows_accepted", "rows_set_aside")}
        refused = own.filter(verdict_code="REFUSED").height
        worst = findings.filter(dataset_code=name).group_by("rule_code").len().sort("len", descending=True).head(5)
        yield dg.MaterializeResult(
            asset_key=name,
            metadata={
                **counts,
                "submissions": own.height,
                "refused": refused,
                "worst_rules": ", ".join(f"{rule} {count}" for rule, count in worst.iter_rows()) or "none",
            },
            check_results=[
                dg.AssetCheckResult(
                    asset_key=name,
                    check_name="no_row_is_lost",
                    passed=counts["rows_read"] == counts["rows_accepted"] + counts["rows_set_aside"],
                ),
                dg.AssetCheckResult(
                    asset_key=name,
                    check_name="no_submission_refused",
                    passed=not refused,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={"refused": refused},
                ),
            ],
        )


def _say(context: dg.AssetExecutionContext, text: str) -> None:
    """To Dagster's history and to whoever sits at the terminal."""
    context.log.info(text)
    logging.getLogger("pipeline").info(text)


def _log_tenths(context: dg.AssetExecutionContext, words: str = "read {} of {} files") -> nightly.Progress:
    said = {"tenth": 0}

    def progress(done: int, total: int) -> None:
        if total and done * 10 // total > said["tenth"]:
            said["tenth"] = done * 10 // total
            _say(context, words.format(done, total))

    return progress


class Translator(DagsterDbtTranslator):
    """dbt's names as Dagster's: a landed dataset is its asset, a model is schema/name."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        name = dbt_resource_props["name"]
        if dbt_resource_props["resource_type"] == "source":
            if name in ("units", "calendar", "withdrawals", "catalogues"):
                return registry.key
            return dg.AssetKey(name) if name in SCHEMAS else submissions.key
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props.get("alias") or name])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["schema"])


def dbt_models(home: Home) -> dg.AssetsDefinition:
    """The dbt models one by one with their checks. dbt itself runs once, in this process (see docs/decisions)."""
    manifest, translator = (
        transform.manifest_of(home),
        Translator(settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
    )

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, exclude="resource_type:unit_test", name="dbt_models")
    def models(context: dg.AssetExecutionContext, locked: LockedHome) -> Iterator[Any]:
        failure: transform.BuildFailed | None = None
        with scrubbed():
            try:
                nodes = transform.build(locked.home)
            except transform.BuildFailed as error:
                failure, nodes = error, error.nodes
        passed = {n.unique_id: n for n in nodes}
        for unique_id, node in passed.items():
            props = manifest["nodes"].get(unique_id)
            if props is None:
                continue
            if props["resource_type"] in ("model", "seed") and node.good:
                yield dg.MaterializeResult(asset_key=translator.get_asset_key(props), metadata={"seconds": node.seconds})
            elif props["resource_type"] == "test":
                key = get_asset_check_key_for_test(manifest, translator, unique_id, project=None)
                if key:
                    yield dg.AssetCheckResult(asset_key=key.asset_key, check_name=key.name, passed=node.good)
        if failure:
            raise dg.Failure(str(failure))

    return models


def published_asset(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """Published only after this run's dbt build was wholly good: every published model is upstream."""
    upstream = [key for key in models.keys if key.path[0] in (*publish.SCHEMAS, publish.WHOLE, "restricted")]

    @dg.asset(deps=upstream, description="What readers see: personnel.duckdb and exports/, switched at once.", kinds={"duckdb"})
    def published(context: dg.AssetExecutionContext, locked: LockedHome) -> dg.MaterializeResult[None]:
        home = locked.home
        with scrubbed():
            load = read_loads(home)[-1]
            manifest = transform.manifest_of(home)
            page = dictionary.written(manifest, load.transform, transform.parsed(home))
            note = publish.publish(home, load.load_id, load.as_of, manifest, transform.metrics_of(home), page)
            landing.clear_away(home, load.contract)
        for sentence in [*confirmed.in_words(note["confirmed"]), *confirmed.people_in_words(note["identities"])]:
            _say(context, sentence)
        return dg.MaterializeResult(metadata={"load_id": load.load_id, "tables": len(note["tables"]), "rows": sum(note["tables"].values())})

    return published


def receipts_asset(published: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """After publishing, so that figures wait for nobody's workbook. Dagster keeps counts, and nothing of what was said."""

    @dg.asset(
        name="receipts", deps=[published], description="What units get back: summaries, marked workbooks. Restricted.", kinds={"xlsx"}
    )
    def answered(context: dg.AssetExecutionContext, locked: LockedHome) -> dg.MaterializeResult[None]:
        home = locked.home
        with scrubbed():
            written = write_receipts(home, read_loads(home)[-1], progress=_log_tenths(context, "answered {} of {} units"))
            history.forget(home, context.instance)
        return dg.MaterializeResult(metadata={"units": written.units, "workbooks": written.workbooks, "without_workbook": written.failed})

    return answered


def surfaces_asset(published: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """After publishing, beside receipts: what shows it elsewhere. Whatever fails here has been published all the same, and is tried again."""

    @dg.asset(name="surfaces", deps=[published], description="What shows it: pages, PostgreSQL; and notices.", kinds={"postgres"})
    def shown(context: dg.AssetExecutionContext, locked: LockedHome) -> dg.MaterializeResult[None]:
        with scrubbed():
            done = due.write(locked.home)
            told = notices.load_published(locked.home)  # whether it arrives fails no load
        for sentence in [*(state.said for state in done), *told]:
            _say(context, sentence)
        if failed := due.failed(done):
            raise dg.Failure("\n".join(failed))
        return dg.MaterializeResult(metadata={"written": len(done)})

    return shown
