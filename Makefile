# Two commands matter: `make run` and `make test`. Both make .venv and touch nothing outside this folder.

PORT ?= 8000
# Name a Python of your own with `make run PYTHON=/path/to/python3.12`.
PYTHON ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed-for
TEST_READY := $(VENV)/.test-installed
DEMO := var/.demo-loaded
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

# The demo never reaches a ledger that is named in the environment: only the one in ./var.
DEMO_SETTINGS := CREDIT_SEARCH_LEDGER=sqlite:///./var/ledger.db CREDIT_SEARCH_DEMO=true

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint wheel clean FORCE

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(DEMO) ## the site with invented demo data, on port 8000 (other: make run PORT=8123)
	@$(DEMO_SETTINGS) $(BIN)/credit-search sync || $(DEMO_SETTINGS) $(BIN)/credit-search rebuild
	@$(DEMO_SETTINGS) exec $(BIN)/credit-search serve --port $(PORT)

test: lint ## lint, types and all tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: $(TEST_READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(TEST_READY) ## the package, in dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## remove .venv, dist and caches; var/ with its ledger stays
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find indexers search_site mappings samples benchmarks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# -- what the commands need ------------------------------------------------------------------------------------

# Scripts and the editable install hold absolute paths: a folder that was moved gets a new environment.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
$(READY): FORCE
endif

$(READY): pyproject.toml
	@if [ "$$(cat $@ 2>/dev/null)" != "$(CURDIR)" ]; then \
	  found=; bare=; \
	  for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	    "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then found=$$candidate; break; fi; \
	    bare=$$candidate; \
	  done; \
	  if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	    echo "$$bare cannot make a virtual environment: install its venv package (Debian, Ubuntu: apt install python3-venv), then run make again." >&2; exit 1; \
	  elif [ -z "$$found" ]; then \
	    echo "No Python 3.11 or newer was found: install one, or name it with PYTHON=/path/to/python3." >&2; exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$found" -V)"; \
	  rm -rf $(VENV) && "$$found" -m venv $(VENV) || exit 1; \
	fi
	@echo "Installing the project into $(VENV)"
	@$(PIP) --editable .
	@printf '%s\n' "$(CURDIR)" > $@

$(TEST_READY): $(READY)
	@echo "Installing what the tests need"
	@$(PIP) --editable '.[test]'
	@touch $@

$(DEMO): $(wildcard samples/data/*) | $(READY)
	@mkdir -p var
	@echo "Loading the demo data (演示数据，全部虚构)"
	@$(DEMO_SETTINGS) $(BIN)/credit-search import samples/data/*
	@touch $@

# -- faults ----------------------------------------------------------------------------------------------------

ROUNDS ?= 200

.PHONY: kills
kills: $(TEST_READY) ## kill import, sync and rebuild at random moments; nothing may be lost (ROUNDS=200)
	$(BIN)/python -m tests.faults.kills --rounds $(ROUNDS)

# -- search servers --------------------------------------------------------------------------------------------

.PHONY: engines engines-older engines-faults
engines: $(TEST_READY) ## the engine tests on a real Elasticsearch and OpenSearch, fetched once (needs Java 25, Maven)
	$(BIN)/python tests/engines/servers.py $(BIN)/python -m pytest tests/engines

engines-older: $(TEST_READY) ## the same on Elasticsearch 8 and OpenSearch 2 (needs Java 17 to 23 besides)
	$(BIN)/python tests/engines/servers.py --older $(BIN)/python -m pytest tests/engines

engines-faults: $(TEST_READY) ## the same on three nodes of each, and nodes killed under eight visitors
	$(BIN)/python tests/engines/servers.py --nodes 3 $(BIN)/python -m pytest tests/engines
	$(BIN)/python -m pytest -s tests/engines/node_kills.py

# -- figures ---------------------------------------------------------------------------------------------------

ROWS ?= 100000
QUERIES ?= 100

.PHONY: bench bench-engines relevance
bench: $(TEST_READY) ## file to searchable and page times, beside bare engine calls (ROWS=100000)
	$(BIN)/python -m benchmarks pipeline --rows $(ROWS)
	$(BIN)/python -m benchmarks pipeline --rows $(ROWS) --format xlsx
	$(BIN)/python -m benchmarks pages --rows $(ROWS)

bench-engines: $(TEST_READY) ## the same records on a real Elasticsearch and OpenSearch beside the embedded engine
	$(BIN)/python tests/engines/servers.py sh -c '$(BIN)/python -m benchmarks engines --rows $(ROWS) \
	  "$$ELASTICSEARCH_ADDRESS/bench" "$$OPENSEARCH_ADDRESS/bench"'

relevance: $(TEST_READY) ## judged queries on the demo data, beside SQLite FTS5; writes RELEVANCE.md (QUERIES=100)
	$(BIN)/python -m benchmarks.relevance --queries $(QUERIES) --section demo
