# Two commands do everything on a fresh machine: `make demo` and `make test`. They need Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: bi bi-stop demo test fuzz fuzz-readers chaos attack load dev lint bench quality mutate figures contract release lock clean-warehouse

demo: .venv/runtime          ## make the sample city, load it, print the article's table
	@$(BIN)/pipeline demo

load: .venv/runtime          ## one nightly load
	@$(BIN)/pipeline load

test: .venv/dev              ## every test
	@$(BIN)/python -m pytest

fuzz: .venv/dev              ## look for new examples that go wrong: EXAMPLES=600 of each property (about an hour)
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=fuzz

MINUTES ?= 30
chaos: .venv/dev             ## loads killed, starved, doubled and damaged for MINUTES=30; 20,000 mutated files; 90 nights (about an hour); adds the run to docs/reliability.md
	@$(BIN)/python tests/chaos.py --minutes $(MINUTES) --write

attack: .venv/dev            ## look for people in all that leaves, ask the published file for others, send what runs (about ten minutes); writes docs/privacy.md
	@$(BIN)/python tests/attack.py --whole-city --write

mutate: .venv/dev            ## do tests notice when code is changed: 100 changes of each room and 60 of models (about an hour); goes on where it was ended; writes docs/quality.md
	@$(BIN)/python tests/mutate.py --write

figures: .venv/dev           ## write what the small city publishes, after a change that is meant to change it; its diff says what changed
	@$(BIN)/python tests/figures.py

fuzz-readers: .venv/fuzz     ## look for bytes that break a reader of ours, guided by what they reach: MINUTES=30 of each
	@$(BIN)/python tests/fuzz_readers.py --minutes $(MINUTES)

lint: .venv/dev              ## style, order of imports, types, style of SQL
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/python -m pytest -n 0 tests/test_sql.py -k one_style

bench: .venv/dev             ## measure the load against its floor (about twelve minutes)
	@$(BIN)/python tests/benchmark.py

quality: .venv/dev           ## recall and false alarms per kind of dirt (about three minutes)
	@$(BIN)/python tests/quality.py

dev: .venv/runtime           ## Dagster's UI: lineage, history, schedule on; shares its history with `make load`
	@$(BIN)/pipeline ui

# Superset knows Python 3.11 and 3.12; another one than python3: make bi BI_PYTHON=python3.12
BI_PYTHON ?= $(PYTHON)
bi: .venv/bi/ready           ## dashboards in Superset of what is published, on http://127.0.0.1:8088; again: what is drawn is put in anew
	@$(BIN)/python -m pipeline.surfaces.dashboards start

bi-stop:                     ## end them
	@$(BIN)/python -m pipeline.surfaces.dashboards stop

contract: .venv/runtime      ## write what is generated from the schemas
	@$(BIN)/python -m pipeline.contract

release: .venv/dev           ## the version and its chapter of the changelog: VERSION=0.3.0
	@$(BIN)/python tests/release.py $(VERSION)

lock: .venv/dev              ## pin names, versions and hashes anew from pyproject.toml
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--no-strip-extras pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--no-strip-extras --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--group fuzz -o requirements-fuzz.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--group bi -o requirements-bi.lock

clean-warehouse:             ## delete what can be made again; the archive stays
	@rm -rf data/warehouse/restricted data/warehouse/versions data/warehouse/personnel.duckdb data/warehouse/exports

.venv/bin/python:
	@$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what requirements.lock pins (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bi/ready: requirements-bi.lock .venv/runtime
	@echo "Installing Superset, which requirements-bi.lock pins, into .venv/bi (once, about 900 MB) …"
	@test -x .venv/bi/bin/python || $(BI_PYTHON) -m venv .venv/bi
	@.venv/bi/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bi.lock
	@touch $@

.venv/fuzz: requirements-fuzz.lock .venv/dev
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	@touch $@
