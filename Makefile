# make run    sets up what is missing and serves the assistant on http://127.0.0.1:7860        make test   runs all tests
# make ask Q="..."   asks once                                       make lint   runs the checks of style, types and layers
# make eval   measures the answers and writes build/eval/report.html   make gate   fails if they are worse than evals/gate.toml allows
# make accuracy   measures on the held-out questions and puts the figures into README.md

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

ARMS := ours,lexical,vectors,stock
SPLIT ?= test

.PHONY: run setup setup-dev test lint ask eval gate accuracy bench clean

run: setup
	@$(BIN)/h200 serve

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

eval: setup
	$(BIN)/h200 eval --split dev --arms $(ARMS) --out build/eval

gate: setup
	$(BIN)/h200 eval gate --junit build/gate.xml

accuracy: setup
	$(BIN)/h200 eval --split $(SPLIT) --arms $(ARMS) --out build/accuracy
	$(BIN)/python tools/accuracy_table.py build/accuracy

bench: setup-dev
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
