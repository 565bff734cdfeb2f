# make run    sets up what is missing and opens the assistant        make test   runs all tests
# make ask Q="..."   asks once                                       make lint   runs the checks of style, types and layers

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

.PHONY: run setup setup-dev test lint ask bench clean

run: setup
	@$(BIN)/h200 chat

# An abstention ends with 3, which is an answer too. The question travels in the environment, so that nothing in it is run.
ask: export Q := $(Q)
ask: setup
	@$(BIN)/h200 ask "$$Q" || test $$? -eq 3

setup: $(VENV)/.ready

setup-dev: $(VENV)/.ready-dev

# torch comes first: pinned, so that no other package pulls another build of it in.
$(VENV)/.ready: pyproject.toml constraints.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV): a few minutes the first time."
	@$(PIP) torch==2.13.0
	@$(PIP) -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@$(PIP) -e ".[dev]"
	@touch $@

test: setup-dev
	$(BIN)/python -m pytest

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-dev
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
