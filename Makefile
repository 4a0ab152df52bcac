# Two commands are enough on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

# many short processes are started: compile what they import once, whatever the environment says
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check simulate bench texts screenshots lock clean

help: ## what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing Provisor into $(VENV) (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/.installed-dev: $(BIN)/.installed requirements-dev.lock
	@echo "Installing what the tests need (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(BIN)/.installed ## the virtual environment, with .venv/bin/provisor
setup-dev: $(BIN)/.installed-dev ## the same with test and lint tools

demo: setup ## the main job from end to end on this machine (ARGS=--once to end by itself)
	@$(BIN)/provisor demo $(ARGS)

test: setup-dev ## the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: setup-dev ## lint, types, layering
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/python -m pytest -q tests/test_architecture.py

simulate: setup-dev ## random histories of a company: faults, kills, edits; all must converge (ARGS="--minutes 10 --seed 1")
	@cd tests && ../$(BIN)/python -m simulation $(ARGS)

bench: setup-dev ## the figures of docs/performance.md
	@$(BIN)/python -m benchmarks $(ARGS)

texts: setup-dev ## bring the translations up to date with the texts of the consoles
	@for room in look ringcentral/console portal $$(cd src/provisor && ls -d portal/*/locale | xargs dirname); do \
	  inner=$$([ $$room = portal ] && ls -d src/provisor/portal/*/ | sed 's/^/--ignore-dirs=/; s/\/$$//' | xargs -n1 basename | sed 's/^/--ignore-dirs=/'); \
	  $(BIN)/pybabel -q extract -F babel.cfg $$inner --no-location --sort-output --no-wrap -o build-texts.pot src/provisor/$$room && \
	  $(BIN)/pybabel -q update -i build-texts.pot -o src/provisor/$$room/locale/fr.po -l fr --no-fuzzy-matching --no-wrap --ignore-obsolete; \
	done; rm -f build-texts.pot

screenshots: setup-dev ## the pictures of the console in docs/images
	@cd tests && ../$(BIN)/python -m screenshots

lock: ## resolve pyproject.toml anew into hashed lock files without index addresses
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip -q install pip-tools
	@cd . && CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/pip-compile -q --strip-extras --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml requirements-build.in
	@CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/pip-compile -q --strip-extras --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml requirements-build.in
	@rm -rf .venv-lock

clean: ## remove what make set up
	@rm -rf $(VENV) .venv-lock build dist src/*.egg-info
