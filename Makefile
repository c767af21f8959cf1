# make maps   set up and draw the maps of the bundled sample into maps/out/
# make test   set up and run the tests
# make check  everything that must hold before a change lands
PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= test
BIN := $(VENV)/bin
CODE := $(shell find geo boundaries -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: maps test check format lint types wheel clean

maps: maps/out/sample/manifest.json
	@echo "The maps are in maps/out/sample/: open the .html files in a browser."

maps/out/sample/manifest.json: maps/sample.toml $(CODE) | $(VENV)/.runtime
	$(BIN)/geo study maps/sample.toml

test: $(VENV)/.tests
	$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(PYTEST)
	$(MAKE) wheel

format: $(VENV)/.tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.tests
	$(BIN)/mypy

# The one check that the package carries its data: installed in an empty environment and used
# from another folder.
wheel: $(VENV)/.runtime
	sh docs/check-wheel.sh $(BIN)/python

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "geo needs Python 3.11 or newer; say make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.tests: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.runtime

clean:
	rm -rf $(VENV) build dist maps/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
