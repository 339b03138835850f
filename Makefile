# `make run` starts the service, `make test` checks everything; `make` alone lists the rest.
# Needs Python 3.11 or newer, make and git; the first target that runs sets up the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

HOST ?= 127.0.0.1
PORT ?= 8000
IMAGE ?= trd-cds
CHROMIUM ?= chromium
MINUTES ?= 10

BIN := .venv/bin
SET_UP := .venv/.set-up
FUZZER := .tools/atheris/.set-up

.PHONY: help setup run test check lint types imports pytest mutants fix fixtures docs screenshot bench fuzz integration postgresql conformance image

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo "  Variables: HOST and PORT (run), PYTHON (setup; -B to change it later), IMAGE (image), CHROMIUM (screenshot), QUICK=1 (bench), MINUTES (fuzz), URL (conformance)"

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

pytest: $(SET_UP) $(FUZZER) postgresql ## the tests, with every branch of rules/ covered
	$(BIN)/pytest --cov=rules --cov-branch --cov-report=term --cov-fail-under=100

# mypy reads the mutants too, for the report: one that it refuses could not have been written.
mutants: $(SET_UP) ## change rules/ in thousands of small ways and write docs/mutation.md: an hour
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/python -m tools.write_mutation_report "$$(date +%F)" "$$(git describe --always --dirty)"

fix: $(SET_UP) ## repair what ruff can repair, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fixtures: $(SET_UP) ## write fixtures/ anew from the vignettes
	$(BIN)/python -m tests.support.write_fixtures
	$(BIN)/python -m tests.support.standing_answers
	$(BIN)/python -m tests.conformance.write_goldens

docs: $(SET_UP) ## write the generated documents anew: docs/, and the OpenAPI document
	$(BIN)/python -m tools.write_parameter_table
	$(BIN)/python -m tools.write_clinical_specification
	$(BIN)/python -m tools.write_openapi
	$(BIN)/python -m tools.write_bruno_collection
	$(BIN)/python -m tools.write_integration_pages
	$(BIN)/python -m tools.write_hazard_log

# The card alone, below the banner, in a page of its own, so that nothing has to be cut off.
screenshot: ## write docs/images/evidence-card.png anew; needs make run in another shell, and Chromium
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && page=http://$(HOST):$(PORT) && \
	curl -fsS "$$page/demo/C01" -o "$$dir/page" && \
	{ echo '<!doctype html><meta charset="utf-8">'; \
	  echo "<link rel=\"stylesheet\" href=\"$$page/static/pages.css\">"; \
	  echo '<style>.banner + .card { margin: 1rem }</style>'; \
	  sed -n '/class="banner"/p; /<article/,/<\/article>/p' "$$dir/page"; } > "$$dir/card.html" && \
	$(CHROMIUM) --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
	  --disable-background-networking --disable-component-update --disable-sync --disable-quic \
	  --user-data-dir="$$dir/profile" --window-size=800,1900 \
	  --screenshot=docs/images/evidence-card.png "file://$$dir/card.html"

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

# The tests of the store run on it too; where it is there already this does nothing.
postgresql: ## see that the tests find a PostgreSQL server
	@sh tools/postgresql.sh

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
