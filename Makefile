# One way in: `make run` shows a working city, `make test` proves it. `make help` lists the rest.
# What a target does beyond one line stands in tools/, so that it can be read and run alone.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
ARGS ?=
SEEDS ?= 200
SEED ?=

.PHONY: setup run test check sim week bench bench-printing browser palembang docs help

setup: ## make .venv with everything that development needs (quick when nothing changed)
	@tools/setup dev

run: ## start a whole city with synthetic people and simulated printers (ARGS="--help" lists options)
	@tools/setup runtime
	@exec $(BIN)/ampera up $(ARGS)

test: ## everything that CI runs: check, then all tests (installs what is missing)
	@tools/before_tests
	@exec $(BIN)/python -m pytest -n 3 $(ARGS)

check: ## what can be seen without running it: format, lint, types, imports, tidiness, links (< 30 s)
	@tools/setup dev
	@tools/check

sim: ## the simulated province under faults: SEEDS=n runs n of them, SEED=s replays one
	@tools/setup runtime
	@exec $(BIN)/ampera sim $(if $(SEED),--seed $(SEED),--seeds $(SEEDS)) $(ARGS)

week: ## a seeded week of one print room on real servers, to be watched (some twenty minutes)
	@tools/setup runtime
	@exec $(BIN)/ampera week $(ARGS)

bench: ## measure what the guides promise, on this machine
	@tools/setup dev
	@exec $(BIN)/python bench/run.py $(ARGS)

bench-printing: ## cards a day of the print agent against the physical limit (some minutes)
	@tools/setup dev
	@exec $(BIN)/python -m bench.printing_day $(ARGS)

browser: ## an officer's day in a real browser: keyboard, axe, slow link
	@tools/system_packages
	@tools/setup dev
	@exec $(BIN)/python -m pytest tests/browser $(ARGS)

palembang: ## Palembang in September 2017: 98,000 cases, 18 servers, walked through in a browser (a quarter of an hour)
	@tools/system_packages
	@tools/setup dev
	@AMPERA_PALEMBANG_PART=1 $(BIN)/python -m pytest tests/browser/test_palembang.py $(ARGS)

docs: ## write again what is made from code: reference pages and import contracts
	@tools/setup dev
	@$(BIN)/python -m tools.made_from_code

help: ## this list
	@awk -F ':.*## ' '/^[a-z_-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
