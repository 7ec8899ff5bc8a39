.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
PIN = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file

help: ## What each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/ready: requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is needed: $(PYTHON) was not found"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: $(PYTHON) is older (set PYTHON=python3.12, say)"; exit 1; }
	@command -v java >/dev/null || { echo "Java 17 or later is needed to run Kafka: java was not found"; exit 1; }
	@command -v mvn >/dev/null || { echo "Maven is needed to fetch Kafka: mvn was not found"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	rm -rf .compiled
	@touch $@

setup: .venv/ready ## Make .venv holding the stadga command, and compile what a replay spends its time in
	@$(BIN)/python -m services.compiled

demo: setup ## Start everything, replay three years of a municipality, show the alert (ARGS=--exit stops there)
	$(BIN)/stadga demo $(ARGS)

up: setup ## Start Kafka, PostgreSQL, the mailbox and the services
	$(BIN)/stadga up $(ARGS)

lint: .venv/ready ## Style, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: .venv/ready ## The tests that start nothing
	$(BIN)/pytest tests/unit tests/contract $(ARGS)

test: setup lint ## Everything: style, types, import rules and all tests, on real Kafka, PostgreSQL and SMTP
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: setup ## Measure speed and memory (docs/performance.md); beside Kafka Streams, Quix Streams and DuckDB, which are fetched: ARGS=peers; in turn with a revision of before: AGAINST=v0.1.0
	$(BIN)/python -m benchmarks$(if $(AGAINST),.against $(AGAINST)) $(ARGS)

harm: setup ## A thousand trials of evaluations; twenty kills, and ten while a log is loaded; ten while keys are made; twenty files and twenty demos under load; two releases side by side; a million hostile inputs through every door of a stack of its own (ARGS="--inputs 20000 --seed 7"); a broker that says nothing; as root, networks cut and disks full, and clocks that jump; a thousand kills on three brokers and two databases, which takes hours
	$(BIN)/pytest tests/harm/twenty_kills.py tests/harm/ten_kills.py tests/harm/sealed_kills.py tests/harm/twenty_files.py tests/harm/twenty_demos.py tests/harm/upgrades.py
	$(BIN)/pytest tests/harm/silence.py tests/harm/partitions.py tests/harm/full_disks.py tests/harm/clocks.py
	$(BIN)/python -m tests.harm.trials
	$(BIN)/python -m tests.harm.million $(ARGS)
	$(BIN)/python -m tests.harm.thousand_kills

cluster-test: setup ## The Helm chart before a real API server of Kubernetes, which is built once (a quarter of an hour; Go 1.26)
	$(BIN)/python -m tests.cluster.programs
	$(BIN)/pytest tests/cluster/accepted.py $(ARGS)

load: setup ## Ten days of a country in an hour over HTTP, with poison and outages; report and picture in .stadga (ARGS="--minutes 5")
	$(BIN)/python -m tests.harm.load $(ARGS)

docs: .venv/ready ## Write the generated documents: AsyncAPI, OpenAPI, the metrics
	$(BIN)/python -m cli.reference

lock: .venv/ready ## Pin the dependencies anew, with hashes and without registry addresses
	$(PIN) requirements/run.txt requirements/run.in
	$(PIN) requirements/local.txt requirements/run.in requirements/local.in
	$(PIN) requirements/dev.txt requirements/dev.in
	$(PIN) requirements/peers.txt requirements/peers.in

.PHONY: help setup demo up lint unit test bench harm cluster-test load docs lock
