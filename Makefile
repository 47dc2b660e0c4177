# `make` lists what there is. Everything is made inside this folder: .venv/, labextension/node_modules/, demo/.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
# Node may come from PyPI, the builder of the front end always does.
ON_PATH := env PATH="$(BIN):$$PATH"
PIP_INSTALL := $(BIN)/python .ci/install.py --constraint .ci/constraints.txt
STEP := .ci/step
# What was learned about one platform says nothing about another: each has its own cache.
mypy = $(STEP) "mypy, $(1)" $(BIN)/mypy --platform $(1) --cache-dir .mypy_cache/$(1)

QUICK := -m 'not thorough and not real'
# Two more than cores: a test waits for kernels, git and browsers more than it computes.
SIDE_BY_SIDE := --numprocesses=$(shell $(PYTHON) -c 'import os; print(2 + (os.cpu_count() or 2))')

NPM := $(ON_PATH) npm --prefix labextension run --silent
BUNDLE := jupyter_mlcd/labextension/package.json
BUNDLE_INSTALLED := $(VENV)/share/jupyter/labextensions/jupyter-mlcd
FRONT_END := $(shell find labextension/src labextension/style labextension/schema \
  labextension/packaging -type f) \
  labextension/package.json labextension/tsconfig.json

# Measured from a fresh clone; see the README. The figure for fetching is the packages' own size.
DEMO_COST := one to three minutes the first time and fetches about 400 MB

.PHONY: real help demo lab test lint types floors unit unit-typescript unit-python browser faults thorough zoo parity build bench pictures \
  clean chromium ready

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

# ------------------------------------------------------------------------------------ see it work

demo: ## test, deliver and refuse a real model, told step by step, in demo/
	@echo "This takes $(DEMO_COST), all of it into this folder."
	@$(MAKE) -j2 ready
	@$(BIN)/jupyter mlcd demo --directory demo

lab: ## open JupyterLab on what the demo left
	@[ -d demo ] || { echo "There is no demo/ yet: type make demo first." >&2; exit 1; }
	@$(MAKE) -j2 ready
	cd demo && exec $(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root)

ready: $(VENV)/.demo $(VENV)/.front-end

# --------------------------------------------------------------------------------------- prove it

test: ## everything that proves the project
	@SECONDS=0; \
	$(STEP) "set-up" $(MAKE) $(VENV)/.dev $(VENV)/.front-end chromium; \
	$(MAKE) -j2 --output-sync=target lint types floors; \
	$(MAKE) unit browser faults; \
	printf '\n== all steps passed in %s s\n' "$$SECONDS"

lint: $(VENV)/.dev labextension/node_modules/.package-lock.json ## ruff, stylelint, prettier, eslint
	@$(STEP) "ruff" $(BIN)/ruff check
	@$(STEP) "ruff format" $(BIN)/ruff format --check
	@$(STEP) "stylelint, prettier, eslint" $(NPM) lint

types: $(VENV)/.dev labextension/node_modules/.package-lock.json ## mypy for three platforms, tsc
	@$(call mypy,linux)
	@$(call mypy,darwin)
	@$(call mypy,win32)
	@$(STEP) "tsc" $(NPM) types

floors: $(VENV)/.dev ## the promises around the code: imports only go down, ...
	@$(STEP) "house rules" $(BIN)/python -m pytest tests/house --quiet

unit: unit-typescript unit-python ## tests without a browser

unit-typescript: labextension/node_modules/.package-lock.json
	@$(STEP) "vitest" $(NPM) test

unit-python: $(VENV)/.dev $(VENV)/.front-end
	@$(STEP) "pytest" $(BIN)/python -m pytest tests $(QUICK) $(SIDE_BY_SIDE) --dist=worksteal \
	  --durations=15 --ignore=tests/house --ignore=tests/browser --ignore=tests/faults

browser: $(VENV)/.dev $(VENV)/.front-end chromium ## a real Chromium on a real JupyterLab
	@$(STEP) "pytest, browser" $(BIN)/python -m pytest tests/browser $(QUICK) \
	  $(SIDE_BY_SIDE) --dist=loadfile --durations=15

faults: $(VENV)/.dev ## kills, full disks, lost networks; quick set
	@$(STEP) "pytest, faults" $(BIN)/python -m pytest tests/faults $(QUICK) --numprocesses=2 --dist=worksteal

real: $(VENV)/.dev .venv-real/.servers ## targets against real servers: Buildbot, MLflow, S3, Blob
	@$(BIN)/python -m pytest tests -m real

thorough: $(VENV)/.dev $(VENV)/.front-end chromium ## tests of minutes that make test leaves out
	@$(BIN)/python -m pytest tests -m thorough

zoo: $(VENV)/.dev ## thirty notebooks that misbehave: verdicts, times, what they leave
	@$(BIN)/python -m tests.faults.zoo

parity: $(VENV)/.dev ## our verdicts against nbval's on its own and three others' notebooks
	@$(BIN)/python -m tests.parity

bench: $(VENV)/.dev ## speed against papermill, nbmake and nbval
	@$(BIN)/python -m tests.benchmarks

pictures: $(VENV)/.dev $(VENV)/.front-end chromium ## a picture of every view, into docs/pictures/
	@$(BIN)/python -m tests.browser.pictures

chromium:
	@.ci/chromium

# ---------------------------------------------------------------------------------------- make it

build: $(VENV)/.front-end ## the front end, into .venv; reload JupyterLab's page to see it

$(VENV)/.venv:
	@.ci/tools $(PYTHON)
	@$(STEP) "virtual environment" $(PYTHON) -m venv $(VENV)
	@$(BIN)/python .ci/install.py
	@touch $@

# The front end comes in below: it is built beside this, and again when only it has changed.
$(VENV)/.demo: pyproject.toml .ci/constraints.txt | $(VENV)/.venv
	@SKIP_JUPYTER_BUILDER=1 $(STEP) "jupyter_mlcd and the demo's packages" $(PIP_INSTALL) --editable '.[demo]'
	@touch $@

$(VENV)/.dev: $(VENV)/.demo
	@SKIP_JUPYTER_BUILDER=1 $(STEP) "what the checks need" $(PIP_INSTALL) --editable '.[dev]'
	@touch $@

# Buildbot, MLflow and the stores are no part of the environment that is tested: only the packages
# that speak to stores are.
.venv-real/.servers: .ci/real_systems.txt $(VENV)/.dev
	@$(STEP) "what speaks to stores" $(PIP_INSTALL) --editable '.[real]'
	@$(STEP) "environment of the real servers" $(PYTHON) -m venv .venv-real
	@.venv-real/bin/python .ci/install.py
	@$(STEP) "Buildbot, MLflow and moto" .venv-real/bin/python .ci/install.py --requirement .ci/real_systems.txt
	@$(STEP) "what GitHub says of its API" $(ON_PATH) .ci/github_described
	@$(STEP) "azurite" $(ON_PATH) npm --prefix .venv-real/azurite install --silent --no-audit --no-fund azurite@3.37.0
	@touch $@

$(VENV)/.front-end: $(BUNDLE) $(VENV)/.demo
	@rm -rf $(BUNDLE_INSTALLED)
	@mkdir -p $(BUNDLE_INSTALLED)
	@cp -R jupyter_mlcd/labextension/. labextension/packaging/install.json $(BUNDLE_INSTALLED)
	@touch $@

$(VENV)/.builder: | $(VENV)/.venv
	@$(ON_PATH) .ci/node $(BIN)/python
	@$(PIP_INSTALL) 'jupyter-builder>=1.2,<2'
	@touch $@

labextension/node_modules/.package-lock.json: labextension/package-lock.json labextension/.npmrc | $(VENV)/.builder
	@$(STEP) "npm packages" $(ON_PATH) npm --prefix labextension ci --silent --no-audit --no-fund
	@touch $@

$(BUNDLE): $(FRONT_END) labextension/node_modules/.package-lock.json
	@rm -rf jupyter_mlcd/labextension
	@$(STEP) "front end" $(NPM) build:prod
	@touch $@

clean: ## remove everything that make made, demo/ too
	rm -rf $(VENV) .venv-real demo build dist labextension/node_modules labextension/lib labextension/tsconfig.tsbuildinfo \
	  labextension/.eslintcache labextension/.stylelintcache jupyter_mlcd/labextension \
	  jupyter_mlcd/widgets/static \
	  .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
