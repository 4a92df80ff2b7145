# Stadtzwilling. `make` lists the targets; `make check` is exactly what CI runs.
PYTHON ?= python3
CITY ?= demo
PORT ?= 8000
HOST ?= 127.0.0.1
STORE ?= store
BIN := .venv/bin
LOCKS := deploy/locks
VIEWER_SOURCES := $(shell find viewer -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help build run test approve check format lint types imports docs viewer-check conformance fuzz lock bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-14s %s\n", $$1, $$2}'

build: $(BIN)/.run viewer/dist/.built ## install the packages and build the viewer, and no more (for servers)

run: $(BIN)/.run viewer/dist/.built ## build what is missing, then the twin of CITY (default: the made-up demo) on PORT
	@$(BIN)/twin up $(CITY) --store $(STORE) --host $(HOST) --port $(PORT)

test: $(BIN)/.dev viewer/dist/.built .cache/chromium .cache/nginx .cache/s3/.ready .cache/clients/.ready ## install what the tests need and run them all
	@$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

check: $(BIN)/.dev viewer/dist/.built ## format, lint, types, import rules, docs, viewer, tests: what CI runs
	@$(MAKE) --no-print-directory format lint types imports docs viewer-check test

format: $(BIN)/.dev
	@$(BIN)/ruff format --check .

lint: $(BIN)/.dev
	@$(BIN)/ruff check .

types: $(BIN)/.dev
	@$(BIN)/mypy

imports: $(BIN)/.dev
	@$(BIN)/lint-imports --no-cache | tail -n 12

docs: $(BIN)/.dev
	@$(BIN)/python -m docs.generate --check

viewer-check: viewer/dist/.built
	@cd viewer && npm run --silent check && npm test --silent

approve: $(BIN)/.dev viewer/dist/.built .cache/chromium ## draw the approved pictures of the viewer anew; look at them before you commit
	@APPROVE=1 $(BIN)/pytest tests/viewer/test_pictures.py -k "by or with or where"

conformance: $(BIN)/.dev ## check every conformance class that the service claims, over a small demo
	@TWIN_DEMO_BUILDINGS=300 $(BIN)/twin run demo --store .cache/conformance >/dev/null
	@$(BIN)/python -m api.conformance .cache/conformance

fuzz: $(BIN)/.dev ## ask the service at random for a long time: SEEDS (default 1 2 3), EXAMPLES each (default 200)
	@for seed in $(or $(SEEDS),1 2 3); do FUZZ_SEED=$$seed FUZZ_EXAMPLES=$(or $(EXAMPLES),200) \
	  $(BIN)/pytest tests/api/test_schemathesis.py --timeout 0 || exit 1; done

bench: $(BIN)/.dev viewer/dist/.built ## measure speed and memory (benchmarks/README.md has the figures)
	@$(BIN)/python -m benchmarks

lock: $(BIN)/.uv ## resolve the dependencies anew and write the locks
	@deploy/lock.sh

clean: ## remove what was built, but not the store
	rm -rf .venv .cache viewer/dist viewer/node_modules

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version). Try: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "python3-venv is missing; install it, then run make again"; exit 1; }

$(BIN)/.uv: $(BIN)/python $(LOCKS)/uv.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(LOCKS)/uv.txt
	@touch $@

$(BIN)/.run: $(BIN)/.uv $(LOCKS)/run.txt pyproject.toml
	@echo "installing Python packages …"
	@deploy/install.sh $(LOCKS)/run.txt
	@deploy/install.sh --project
	@touch $@

$(BIN)/.dev: $(BIN)/.run $(LOCKS)/dev.txt
	@echo "installing development packages …"
	@deploy/install.sh $(LOCKS)/dev.txt
	@touch $@

viewer/dist/.built: $(VIEWER_SOURCES) | $(BIN)/.run
	@deploy/build-viewer.sh
	@touch $@

.cache/s3/.ready: $(BIN)/.uv $(LOCKS)/s3.txt
	@mkdir -p .cache
	@TARGET=.cache/s3 deploy/install.sh $(LOCKS)/s3.txt
	@touch $@

.cache/clients/.ready: deploy/clients/package-lock.json deploy/clients.sh | viewer/dist/.built
	@mkdir -p .cache
	@deploy/clients.sh && touch $@

.cache/chromium:
	@mkdir -p .cache
	@deploy/chromium.sh && touch $@

.cache/nginx:
	@mkdir -p .cache
	@deploy/nginx.sh && touch $@
