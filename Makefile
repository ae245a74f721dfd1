# `make` lists what there is. Everything is installed into .venv* beside this file, from locked hashes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# What a target may be told: make run PORT=9000, make test options="-k login", make deploy ENV=prod
PORT ?=
AWS_PORT ?=
BACKEND ?=
PAYMENTS ?=
ENV ?= dev
options ?=

UV := .venv-uv/bin/uv
PYTHON := .venv/bin/python
SAM := SAM_CLI_TELEMETRY=0 PATH="$(CURDIR)/.venv-sam/bin:$$PATH" sam
COMPILE := $(UV) pip compile --quiet --no-header --no-annotate --generate-hashes --only-binary :all: --python-version 3.13
TOOL_LOCKS := requirements-uv.txt requirements-sam.txt requirements-ministack.txt requirements-stack.txt \
  requirements-stripe.txt requirements-f3d.txt requirements-audit.txt requirements-checkov.txt

# What holds no text of ours; and what guesses at passwords by their looks, which finds the tests'.
NO_TEXT := requirements.*txt$$|package-lock|\.webp$$
CERTAIN := --disable-plugin KeywordDetector --disable-plugin Base64HighEntropyString \
  --disable-plugin HexHighEntropyString

# Real files of other makers, for the tests that draw them; those are skipped where there are none.
ifneq ($(wildcard ../shared/assets),)
export NEXUS_ASSETS ?= $(abspath ../shared/assets)
endif

.PHONY: help install run test fuzz pictures contact-sheet load faults chaos coverage shuffled check lint types \
  template rules format build deploy openapi lock clean gate cases doors mutants built secure audit checkov licences

help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 17

install: .venv/.installed .venv-ministack/.installed .venv-stripe/.installed ## install what running and testing need

run: install ## start everything locally on :8000 (PORT=, AWS_PORT=, BACKEND=ministack|moto, PAYMENTS=sandbox|stripe)
	@$(PYTHON) -m local $(if $(PORT),--port $(PORT)) $(if $(AWS_PORT),--aws-port $(AWS_PORT)) \
	  $(if $(BACKEND),--backend $(BACKEND)) $(if $(PAYMENTS),--payments $(PAYMENTS)) $(options)

test: install ## run the tests (options="-k login")
	@$(PYTHON) -m pytest -n auto --dist loadfile $(options)

fuzz: install ## show 10,000 spoilt files to the sandbox (options="--seed 7 --count 500")
	@PYTHONPATH=layers/imaging/python nice $(PYTHON) -m tests.fuzz $(options)

load: install ## 20,000 requests on 32 connections, and crowds that want the same (options="--requests 500")
	@nice $(PYTHON) -m tests.load $(options)

faults: install ## every kind of fault at every call of every route and worker, also two (an hour)
	@NEXUS_FAULTS=all $(PYTHON) -m pytest -n auto --dist loadfile tests/faults $(options)

chaos: install ## 10,000 seeds of streams and queues that misbehave, and all orders of payment events
	@NEXUS_SEEDS=0-10000 NEXUS_ORDERS=720 nice $(PYTHON) -m pytest -q -n auto --dist load \
	  tests/functions/projector tests/functions/queues tests/functions/webhooks/test_orders.py $(options)

coverage: install ## branches that no test takes (85 %; money, accounts, policy 95 %), and grants that none asks for
	@mkdir -p .local && rm -rf .local/grants .local/coverage*
	@NEXUS_GRANTS=$(CURDIR)/.local/grants $(PYTHON) -m pytest -q -n auto --dist loadfile \
	  --cov --cov-report=json:.local/coverage.json $(options)
	@$(PYTHON) -m tests.covered .local/coverage.json
	@$(PYTHON) -m tests.grants .local/grants

shuffled: install ## all tests in random order, with three seeds
	@for seed in 1 2 3; do $(PYTHON) -m pytest -q -n auto --dist loadfile \
	  --random-order-bucket=module --random-order-seed=$$seed $(options) || exit 1; done

pictures: install ## measure what pictures cost, against Chromium and f3d (options="model.glb")
	@PYTHONPATH=. $(PYTHON) -m benchmarks.thumbnails $(options)

contact-sheet: install ## draw the demo models (docs/contact-sheet.webp), and all there is (.local)
	@PYTHONPATH=.:layers/imaging/python $(PYTHON) -m benchmarks.thumbnails.sheet

check: lint types template rules ## what a change must pass: lint, strict types, template, house rules

lint: install
	@echo "Checking format and lint ..."
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .

types: install
	@echo "Checking types ..."
	@.venv/bin/mypy

template: install
	@echo "Checking the template ..."
	@.venv/bin/cfn-lint template.yaml

rules: install
	@echo "Checking the house rules ..."
	@$(PYTHON) -m pytest -q -n auto --dist loadfile tests/house tests/infrastructure

format: install ## put the code into its format
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

build: .venv-sam/.installed ## build what is deployed, without Docker
	@$(SAM) validate --lint --region us-east-1 && $(SAM) build

gate: check coverage shuffled faults chaos load secure doors cases mutants built checkov audit ## everything in its long form (docs/quality.md)

cases: install ## 30,000 requests made of the API's document, answered as it says
	@NEXUS_CASES=40 $(PYTHON) -m pytest -q -n auto --dist load tests/contract/test_generated.py $(options)

doors: install ## forged tokens and ended sessions at every door; what a login gives away
	@$(PYTHON) -m pytest -q -n auto tests/functions/web/test_tokens.py tests/functions/web/test_endings.py \
	  tests/functions/accounts/test_enumeration.py $(options)

mutants: install ## every guard switched off, and noticed by its test (options="--only refunding")
	@$(PYTHON) -m tests.mutants $(options)

built: build .venv-stack/.installed ## what is built is deployed to a local AWS that enforces IAM
	@$(PYTHON) -m pytest -m built $(options)

secure: .venv-audit/.installed ## look for weak code and for secrets
	@echo "Looking for weak code ..."
	@.venv-audit/bin/bandit -q -r functions layers local -c pyproject.toml
	@echo "Looking for secrets ..."
	@git ls-files | grep -vE '$(NO_TEXT)' | xargs .venv-audit/bin/detect-secrets-hook $(CERTAIN)

audit: install .venv-audit/.installed ## look for known holes; it fails where it cannot look
	@for lock in requirements.txt layers/*/requirements.txt; do \
	  .venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r $$lock || exit 1; done

checkov: install .venv-checkov/.installed ## look for weak spots in the template, expanded
	@$(PYTHON) -m tests.infrastructure.checkov

licences: install .venv-audit/.installed ## list the licences of all that is installed, docs/licences.md
	@.venv-audit/bin/pip-licenses --python $(PYTHON) --from mixed --format markdown --output-file docs/licences.md

deploy: build ## deploy to AWS (ENV=dev|prod)
	@$(SAM) deploy --config-env $(ENV) $(options)

openapi: install ## write the API's document anew, functions/content/openapi.json
	@PYTHONPATH=functions:layers/nexus/python $(PYTHON) -m local.openapi

lock: .venv-uv/.installed ## lock all dependencies anew (options=--upgrade takes newer ones)
	@echo "Locking ..."
	@for lock in $(TOOL_LOCKS); do $(COMPILE) --universal $(options) $${lock%.txt}.in -o $$lock || exit 1; done
	@$(COMPILE) --universal $(options) requirements.in -o requirements.txt
	@for layer in dependencies imaging mail search; do \
	  $(COMPILE) --python-platform x86_64-manylinux_2_28 -c requirements.txt $(options) \
	    layers/$$layer/requirements.in -o layers/$$layer/requirements.txt || exit 1; \
	done

clean: ## remove what was built, stored and installed
	rm -rf .aws-sam .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .venv .venv-*

# ---- Environments: any Python fetches uv, uv finds or fetches Python 3.13

CAN_START := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 9))

.venv-uv/.installed: requirements-uv.txt
	@echo "Installing uv, which installs the rest ..."
	@for python in python3.13 python3 python; do \
	  if $$python -c '$(CAN_START)' 2>/dev/null; then break; fi; python=; \
	done; \
	if [ -z "$$python" ]; then echo "No Python with venv was found; please install Python 3.13." >&2; exit 1; fi; \
	$$python -m venv --clear .venv-uv && .venv-uv/bin/python -m pip install --quiet \
	  --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

.venv/.installed: requirements.txt .venv-uv/.installed
	@echo "Installing the project's packages into .venv ..."
	@test -x .venv/bin/python3.13 || $(UV) venv --quiet --clear --python 3.13 .venv
	@$(UV) pip sync --python $(PYTHON) --require-hashes $<
	@touch $@

.venv-%/.installed: requirements-%.txt .venv-uv/.installed
	@echo "Installing $* into .venv-$* ..."
	@test -x .venv-$*/bin/python3.13 || $(UV) venv --quiet --clear --python 3.13 .venv-$*
	@$(UV) pip sync --python .venv-$*/bin/python --require-hashes $<
	@touch $@
