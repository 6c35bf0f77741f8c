# Every task of this project. `make` alone lists them.
SHELL := /bin/sh
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PO := $(wildcard app/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)

.DEFAULT_GOAL := help
.PHONY: help run test check checks bench bench-scanner bench-manifest soak lock messages screenshots clean environment test-environment

help:  ## List the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment $(MO)  ## Start web and worker with the demo, and print where to look (PORT=… and the rest from the environment or .env)
	@exec $(BIN)/flask --app app.development develop

test: test-environment $(MO) checks  ## Check and test everything on SQLite and PostgreSQL, Chromium included
	node --import ./tests/js/browser-globals.mjs --test --test-reporter=dot tests/js/*.test.mjs
	$(BIN)/pytest -n auto --maxschedchunk 1 $(PYTEST)

check: test-environment checks  ## Style, types, layers, templates

checks:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

bench: test-environment $(MO)  ## Measure against a bare Flask app; writes build/bench.json
	$(BIN)/python -m benchmarks

bench-scanner: test-environment $(MO)  ## Read sample frames with the scanner's decoder (FRAMES=folder); writes build/bench-scanner.json
	@$(BIN)/python -m benchmarks.scanner "$(FRAMES)"

bench-manifest: test-environment $(MO)  ## Measure a list of 5,000 tickets on the server and on a phone; writes build/bench-manifest.json
	@$(BIN)/python -m benchmarks.manifest

soak: test-environment $(MO)  ## The long and heavy tests that `make test` leaves out
	@scripts/system soak
	$(BIN)/pytest -n auto --every-database tests/soak tests/e2e tests/access $(PYTEST)
	$(BIN)/pytest -n auto --every-database -m one_database tests/blueprints tests/domain tests/house tests/services tests/test_lan.py $(PYTEST)

lock:  ## Lock the requirements with hashes, from their .in files (wants uv; LOCK=--upgrade to renew)
	for name in requirements requirements-dev; do \
		uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url $(LOCK) $$name.in -o $$name.txt; \
	done

messages: test-environment  ## Collect new sentences into the catalogues, ready for translation
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k _n:1,2 --no-location --sort-output -o build/messages.pot .
	$(BIN)/pybabel -q update -d app/translations -i build/messages.pot --no-fuzzy-matching --ignore-obsolete -w 110
	$(BIN)/pybabel compile -d app/translations

screenshots: test-environment $(MO)  ## Take pictures of the pages into build/screenshots, and those of docs/door.md
	$(BIN)/python -m tests.screenshots
	$(BIN)/python -m tests.door_pictures

clean:  ## Remove what can be made again; data and keys stay
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	rm -f $(MO)

environment:
	@scripts/environment requirements.txt

test-environment:
	@scripts/environment requirements.txt requirements-dev.txt
	@scripts/system test

$(MO): %.mo: %.po | environment
	@$(BIN)/pybabel -q compile -i $< -o $@
