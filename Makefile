# The commands that people and CI rely on. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install run test bench check format

help:
	@echo "make run      install what is missing, make the database, load the sample service, start it"
	@echo "make test     every check and every test, on SQLite and PostgreSQL"
	@echo "make bench    measured ratios: pages, free slots, ranking, texts; the killing test in full"
	@echo "make install  just the set-up, in .venv"
	@echo "make check    lint, types and the order of imports"

install: .venv/installed app/static/build/manifest.json

.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

app/static/build/manifest.json: .venv/installed app/static/package.json app/static/package-lock.json app/static/site.scss app/static/build.mjs $(wildcard app/static/*.js app/static/look/*.scss)
	sh .ci/assets

run: install
	$(BIN)/python -m app.cli.start

check: install
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	sh .ci/browser
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

bench: install
	$(BIN)/python -m tests.bench

format:
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
