# `make run` starts the service, `make test` checks everything; `make` alone lists the rest.
# Needs Python 3.11 or newer, make and git; the first target that runs sets up the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

HOST ?= 127.0.0.1
PORT ?= 8000
IMAGE ?= trd-cds
CHROMIUM ?=
export CHROMIUM
MINUTES ?= 10

BIN := .venv/bin
# What every test came to, for the tests that ask whether the others ran.
OUTCOMES := .tools/outcomes.json
SET_UP := .venv/.set-up
FUZZER := .tools/atheris/.set-up

.PHONY: help setup run test check lint types imports pytest mutants fix fixtures docs screenshot bench fuzz search integration postgresql chromium conformance image

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo "  Variables: HOST and PORT (run), PYTHON (setup; -B to change it later), IMAGE (image), CHROMIUM (a browser for the tests and screenshot), QUICK=1 (bench), MINUTES (fuzz), URL (conformance)"

setup: $(SET_UP) ## install what the other targets need, in .tools and .venv

# Only a change of these three makes an installation out of date.
$(SET_UP): pyproject.toml uv.lock tools/setup.sh
	@sh tools/setup.sh
	@touch $@

run: $(SET_UP) ## start the service and print the curl lines to try
	$(BIN)/trd-cds serve --host $(HOST) --port $(PORT)

test: check ## the same as check

check: lint types imports pytest ## everything CI runs: lint, types, imports, tests

lint: $(SET_UP) ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SET_UP) ## mypy, strict
	$(BIN)/mypy

imports: $(SET_UP) ## import-linter: who may import whom
	$(BIN)/lint-imports --no-logo

pytest: $(SET_UP) $(FUZZER) postgresql chromium ## the tests, with every branch of rules/ covered
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile -m "not runs_last" \
	  --write-outcomes=$(OUTCOMES) --cov=rules --cov-branch --cov-report=term --cov-fail-under=100
	$(BIN)/pytest -m runs_last --read-outcomes=$(OUTCOMES) tests/repository/test_hazard_log.py

# mypy reads the mutants too, for the report: one that it refuses could not have been written.
mutants: $(SET_UP) ## change rules/ in thousands of small ways and write docs/mutation.md: two hours
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/python -m tools.write_mutation_report "$$(date +%F)" "$$(git describe --always --dirty)"

fix: $(SET_UP) ## repair what ruff can repair, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fixtures: $(SET_UP) ## write fixtures/ anew from the vignettes
	$(BIN)/python -m tests.support.write_fixtures
	$(BIN)/python -m tests.support.standing_answers
	$(BIN)/python -m tests.rules.fhir_reader.one_of_everything
	$(BIN)/python -m tests.conformance.write_goldens

docs: $(SET_UP) ## write the generated documents anew: docs/, and the OpenAPI document
	$(BIN)/python -m tools.write_parameter_table
	$(BIN)/python -m tools.write_clinical_specification
	$(BIN)/python -m tools.write_openapi
	$(BIN)/python -m tools.write_bruno_collection
	$(BIN)/python -m tools.write_integration_pages
	$(BIN)/python -m tools.write_hazard_log
	$(BIN)/python -m tools.write_timeline_picture

# It starts a service of its own on a store that it throws away.
screenshot: $(SET_UP) chromium ## write the pictures of the pages in docs/images/ anew
	$(BIN)/python -m tests.browser.take_pictures

# Under ten minutes, on a machine that does nothing else; what it compares with is put into .bench.
bench: $(SET_UP) ## time hook calls beside floors and peers, and write docs/performance.md
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

# Ready-made for Linux on x86-64 alone. Elsewhere the tests spoil bodies without its guidance.
$(FUZZER): $(SET_UP) tests/fuzz/requirements.txt
	@rm -rf .tools/atheris
	@.tools/bin/uv pip install --quiet --only-binary :all: --require-hashes --python $(BIN)/python \
	  --target .tools/atheris --requirements tests/fuzz/requirements.txt && touch $@ || \
	  echo "fuzz: atheris could not be installed here; make fuzz needs it, the tests do without" >&2

fuzz: $(SET_UP) $(FUZZER) ## hostile bodies on every route that takes one, guided by coverage; ten minutes
	nice -n 10 $(BIN)/python -m tests.fuzz --minutes $(MINUTES)

# What it finds becomes a row of a table: an example of chance alone would be looked for in vain.
search: $(SET_UP) ## try every property with other examples than those of the tests; some minutes
	SEARCH=1 $(BIN)/pytest --numprocesses=auto --maxprocesses=4 -m hypothesis

# The tests of the store run on it too; where it is there already this does nothing.
postgresql: ## see that the tests find a PostgreSQL server
	@sh tools/postgresql.sh

# Another browser of this kind: make CHROMIUM=/path/to/it.
chromium: ## see that the tests find Chromium
	@sh tools/chromium.sh

integration: $(SET_UP) postgresql ## run an integrator's first day against the service, on both databases
	$(BIN)/python -m tests.integration_run

# Give URL=https://… and, where calls are signed, CLIENT_KEY=file.json ISSUER=https://… [ORIGIN=…].
conformance: $(SET_UP) ## ask a running service which requirements it keeps; without URL one is started
	$(BIN)/python -m tests.conformance --url "$(URL)" --client-key "$(CLIENT_KEY)" \
	  --issuer "$(ISSUER)" --origin "$(ORIGIN)"

image: ## build the container image
	@docker info >/dev/null 2>&1 || { \
	  echo "image: no container engine answers; install and start docker, then run make image again." >&2; exit 1; }
	docker build --tag $(IMAGE) .
