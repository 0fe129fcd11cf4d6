# The two commands are `make run` and `make test`; `make help` lists the rest.
# What they do is in factcheck/launch (Python); this file only makes .venv and calls it.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := $(PYTHON) -I factcheck/launch/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test worker lint format types contracts shots bench fuzz faults install install-dev

run: install ## The desk on http://127.0.0.1:8000/ (PORT=8001 for another port; Ctrl-C ends it)
	@exec $(BIN)/python -m factcheck.launch run --port '$(PORT)'

test: install-dev ## Every check and every test; PARTS="sqlite browser" runs only those
	@exec $(BIN)/python -m factcheck.launch test $(foreach part,$(PARTS),--only $(part))

worker: install ## One more Celery worker (set DATABASE_URL and REDIS_URL as the desk has them)
	@exec $(BIN)/python -m celery -A factcheck worker -P threads -c 4 -n "extra-$$$$@%h"

lint: install-dev ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: install-dev ## Let ruff put the files in order
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

types: install-dev ## mypy, strict
	@$(BIN)/python -m mypy factcheck articles reviews

contracts: install-dev ## Which package may import which
	@$(BIN)/lint-imports

shots: install-dev ## The pictures of README and docs, from the running app
	@$(BIN)/python docs/make_pictures.py

bench: install-dev ## Measure; the figures go to benchmarks/results
	@set -e; for each in benchmarks/bench_*.py; do \
	  test -e "$$each" || { echo "No benchmarks/bench_*.py yet."; break; }; \
	  $(BIN)/python "$$each"; done

fuzz: install-dev ## Ten minutes of made-up requests, then as long of requests made from the description
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(BIN)/python -m pytest -q -p no:cacheprovider tests/api/test_fuzz.py
	@SCHEMATHESIS_EXAMPLES=$${SCHEMATHESIS_EXAMPLES:-300} $(BIN)/python -m pytest -q -p no:cacheprovider tests/api/test_schema.py

faults: install-dev ## Workers, broker and database die while CLAIMS=500 claims are asked about; nothing may be lost
	@$(BIN)/python -m tests.faults $${CLAIMS:-500}

install:
	@$(READY) requirements.txt

install-dev:
	@$(READY) requirements-dev.txt

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
