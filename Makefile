# `make` lists the targets. Nothing has to be installed by hand but Python 3.11 or newer.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)

.PHONY: help run test prove check bench package price deploy console

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## Play the demo on this machine; ONCE=1 ends when the journey is through
	@$(BIN)/python -m infra.local.demo $(if $(ONCE),--once)

test: check ## Run the checks and all tests
	@$(BIN)/python -m pytest tests/unit tests/integration -q -n auto
	@$(BIN)/python -m pytest tests/e2e -v

prove: $(READY) ## Prove in full what `make test` samples: every fault of every call, peaks, floods (about an hour)
	@$(BIN)/python -m pytest tests/integration -q -n auto --prove
	@$(BIN)/python -m pytest tests/e2e -v --prove

check: $(READY) ## Lint, types, import rules, the template for both regions, secrets, dependencies
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m infra.check_template
	@$(BIN)/python -m infra.check_secrets
	@$(BIN)/python -m infra.check_dependencies

bench: $(READY) ## Measure start, callbacks, metering, the loop and its bill, size, lag (some minutes)
	@$(BIN)/python -m benchmarks

STAGE ?= dev
package: $(READY) ## Make the zip and the template of a stage: STAGE=dev (default), prod, cn, local
	@$(BIN)/python -m infra.package --stage $(STAGE)

price: $(READY) ## List what STAGE=… costs while it is idle, from the template itself
	@$(BIN)/python -m infra.price --stage $(STAGE) $(if $(REGION),--region $(REGION)) $(PRICE_OPTIONS)

deploy: $(READY) ## Deploy STAGE=… to REGION=…, after showing what will change
	@$(BIN)/python -m infra.deploy --stage $(STAGE) $(if $(REGION),--region $(REGION)) $(DEPLOY_OPTIONS)

console: ## Reserved: this version has no web console
	@echo "Chaoxi $$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) has no web console yet: use the command line, python -m infra.cli --help" >&2; exit 2

$(READY): requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "error: Chaoxi needs Python 3.11 or newer, and none is on the PATH" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version) (once, about a minute) …"
	@$(PYTHON) -m venv .venv || { echo "error: $(PYTHON) cannot make virtual environments; on Debian, install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(READY)
