# Two commands for a newcomer: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile --constraint .ci/constraints.txt
EXTRAS := readers,screening,postgres,fast

.PHONY: install demo test check clean

install: .venv/installed

.venv/installed: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable '.[$(EXTRAS)]'
	touch $@

.venv/tested: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable '.[$(EXTRAS),test]'
	touch .venv/installed $@

demo: .venv/installed
	-$(BIN)/python -m bot models fetch
	$(BIN)/python -m bot demo

test: .venv/tested
	-$(BIN)/python -m bot models fetch
	$(BIN)/python -m pytest -n auto --dist loadfile

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
