# What a person types: make run, make test, make check, make bench. All set themselves up first.

PORT ?= 8000
PYTHON ?= python3
export PYTHON
# Without compiled files every start of Python compiles all it imports: tests take twice as long.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
STAMP := .venv/.set-up
LOCALE := src/qorgau/project/locale
CATALOGUES := $(wildcard $(LOCALE)/*/LC_MESSAGES/*.po)
LONG :=
PYTEST := $(BIN)/pytest -q --no-header $(LONG)
LANES := tests --ignore=tests/journeys

.PHONY: help setup run words test test-sqlite test-postgres test-journeys test-long mutants check bench \
    simulations clean
.SILENT:

help:
	echo "make run      set up, load the demonstration, serve it on http://localhost:$(PORT)/"
	echo "make test     every test: on SQLite, on PostgreSQL, in a browser"
	echo "make test-long  the same, with all of what make test does a small share of (takes long)"
	echo "make check    lint, types, floors, dependencies, migrations, translations"
	echo "make words    every sentence with a number, in three languages, on a page to be read"
	echo "make mutants FILES=src/...  small faults in these files that the tests near them miss"
	echo "make bench    the benchmarks, each compared with a peer in the same run"
	echo "make simulations  run every simulation again (takes long)"
	echo "make clean    remove what setup and tests created; your data in var/ stays"

setup: $(STAMP) $(CATALOGUES:.po=.mo)

$(STAMP): pyproject.toml uv.lock tools/set_up.sh
	tools/set_up.sh
	touch $@

%.mo: %.po $(STAMP)
	$(BIN)/python tools/compile_translations.py

run: setup
	exec $(BIN)/qorgau serve --demo --port $(PORT)

test: test-sqlite test-postgres test-journeys

test-sqlite: setup
	echo "== every lane, on SQLite"
	$(PYTEST) -n 2 $(LANES)

test-postgres: setup
	echo "== the lanes that touch the database, on PostgreSQL"
	$(BIN)/python tools/with_postgres.py $(PYTEST) -n 2 --only-database $(LANES)

test-journeys: setup
	echo "== journeys, in a browser"
	QORGAU_BROWSER="$$(tools/find_browser.sh)" && export QORGAU_BROWSER && \
	    $(PYTEST) -n 2 tests/journeys

# Fuzzing, kills, enumerations and whole files in full: before a piece of work ends, not in CI.
test-long: setup
	$(MAKE) test LONG=--long

SAMPLE ?= 40
mutants: setup
	$(BIN)/python tools/mutants.py --sample $(SAMPLE) $(FILES)

check: setup
	$(BIN)/ruff check --quiet && $(BIN)/ruff format --check --quiet && echo "Lint: clean."
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry --no-ansi src
	$(BIN)/deptry --no-ansi --ignore DEP002,DEP004 tests tools benchmarks simulations
	$(BIN)/python -m django makemigrations --check --dry-run \
	    --settings qorgau.project.settings
	$(BIN)/python tools/messages.py check

words: setup
	$(BIN)/python tools/words.py --write

bench: setup
	for bench in benchmarks/*.py; do \
	    echo "== $$bench"; $(BIN)/python "$$bench" || exit 1; \
	done

simulations: setup
	for simulation in $$(grep -l __main__ simulations/*.py); do \
	    echo "== $$simulation"; $(BIN)/python "$$simulation" || exit 1; \
	done

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	rm -f $(CATALOGUES:.po=.mo)
	find src tests tools benchmarks simulations -name __pycache__ -type d -prune -exec rm -rf {} +
