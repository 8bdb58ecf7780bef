# `make run` serves the API, `make check` checks most of it in a minute, `make test` checks everything. Nothing outside of
# this folder is touched.

PORT ?= 8000
export PORT
PYTHON ?= python3
BIN := .venv/bin
# A process for each processor and one more, since many tests wait for servers; each has a database of its own.
PROCESSES := $(shell $(PYTHON) -c 'import os; print(min(1 + (os.cpu_count() or 1), 8))')
PYTEST := $(BIN)/python -m pytest --numprocesses=$(PROCESSES) --dist=worksteal

.PHONY: help run check test audit lint types migrations browser clients screenshots bench faults fuzz

help:
	@echo 'make run          serve on http://127.0.0.1:$(PORT) (another port: make run PORT=8080)'
	@echo 'make check        linter, type checker and most of the tests, on SQLite: a minute'
	@echo 'make test         linter, type checker, migration check, all tests on SQLite and on PostgreSQL, the browser test, clients'
	@echo 'make audit        what is not safe in our code (bandit), known vulnerabilities of packages (pip-audit)'
	@echo 'make clients      clients in Python and TypeScript, generated and used; linters of the document; they need Node'
	@echo 'make browser      the browser test alone; it needs Chromium'
	@echo 'make screenshots  the same, and the pictures in docs/ anew'
	@echo 'make fuzz         requests made up from the OpenAPI document, for some minutes'
	@echo 'make faults       what clients see when a database or a worker goes away, see faults/README.md'
	@echo 'make bench        how fast it is, see benchmarks/README.md (make bench OPTIONS=--quick)'

.venv/bin/python:
	$(PYTHON) -m venv .venv

# Empty files remember what is installed.
.venv/run: requirements.txt constraints.txt | .venv/bin/python
	@echo 'Installing, about a minute …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: requirements-dev.txt .venv/run
	@echo 'Installing what the tests need, about a minute …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: .venv/run
	@$(BIN)/python manage.py migrate --verbosity 0
	@echo 'The API is on http://127.0.0.1:$(PORT), its documentation on /docs and /redoc, the admin on /admin/.'
	@echo 'For the admin, make an account with: $(BIN)/python manage.py createsuperuser'
	@exec $(BIN)/gunicorn --bind 127.0.0.1:$(PORT)

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/test
	$(BIN)/mypy .

migrations: .venv/test
	$(BIN)/python manage.py makemigrations --check --dry-run

audit: .venv/test
	$(BIN)/python scripts/audit.py

check: lint types
	$(PYTEST) -m 'not slow'

test: lint types migrations
	$(PYTEST)
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(BIN)/python scripts/with_postgres.py $(PYTEST)
	$(BIN)/python -m pytest -rs browser
	$(MAKE) clients

# A browser that is named must be there; without a name the test skips where there is none.
browser screenshots: export CHROMIUM ?= chromium

browser: .venv/test
	$(BIN)/python -m pytest browser

screenshots: .venv/test
	$(BIN)/python -m pytest browser --screenshots=docs

# Without npm the tests that need it skip; NODE, which CI sets, makes them fail instead.
.venv/node: clients/package-lock.json | .venv/test
	@if command -v npm >/dev/null; then npm ci --prefix clients --ignore-scripts --no-audit --no-fund --silent && touch $@; fi

clients: .venv/test .venv/node
	$(BIN)/python -m pytest -rs clients

bench: .venv/test
	$(BIN)/python scripts/with_postgres.py --tcp $(BIN)/python -m benchmarks.run $(OPTIONS)

faults: .venv/test
	$(BIN)/python -m faults.run $(WORDS)

fuzz: .venv/test
	FUZZ_EXAMPLES=2000 $(PYTEST) expense_tracker/tests/test_schemathesis.py
