# make maps   set up and draw the maps of the bundled sample into maps/out/
# make gallery  take the pictures of maps/gallery (needs chromium); UCDP=ged.csv ACCESSED=DAY for all
# make test   set up and run the tests
# make faults  refuse every single write of every kind of file (Linux, a C compiler; a few minutes)
# make js     check and test the scripts of the map (needs node and npm; nothing else here does)
# make check  everything that must hold before a change lands
PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= test
BIN := $(VENV)/bin
NODE := node_modules/.bin
JS := 'geo/render/assets/**/*.{js,css}' 'tests/js/*.mjs' eslint.config.js
CODE := $(shell find geo boundaries -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: maps gallery test faults check format lint types wheel js format-js scripts clean

maps: maps/out/sample/manifest.json
	@echo "The maps are in maps/out/sample/: open the .html files in a browser."

maps/out/sample/manifest.json: maps/sample.toml $(CODE) | $(VENV)/.runtime
	$(BIN)/geo study maps/sample.toml

gallery: $(VENV)/.tests
	$(BIN)/python maps/gallery.py $(if $(UCDP),--ucdp '$(UCDP)') $(if $(ACCESSED),--accessed '$(ACCESSED)')

test: $(VENV)/.tests
	$(BIN)/python -m pytest $(PYTEST)

faults: $(VENV)/.tests
	GEO_EVERY_WRITE=1 $(BIN)/python -m pytest tests/export/test_full_disk.py

check: $(VENV)/.tests scripts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(PYTEST)
	$(MAKE) wheel

format: $(VENV)/.tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(MAKE) format-js; \
	else echo "THE SCRIPTS OF THE MAP WERE NOT FORMATTED: node or npm is missing on this machine." >&2; fi

lint: $(VENV)/.tests scripts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.tests
	$(BIN)/mypy

# The scripts and styles of the map, with tools that are only here, never in the package.
js: node_modules/.tools
	$(NODE)/eslint --max-warnings 0
	$(NODE)/prettier --check --log-level warn $(JS)
	node --test --test-reporter=spec tests/js/*.test.mjs

format-js: node_modules/.tools
	$(NODE)/eslint --fix
	$(NODE)/prettier --write --log-level warn $(JS)

scripts:
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(MAKE) js; \
	else echo "THE SCRIPTS OF THE MAP WERE NOT CHECKED: node or npm is missing on this machine." >&2; fi

node_modules/.tools: package.json .npmrc
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); if (major < 18 || (major === 18 && minor < 18)) { console.error("the checks of the scripts need node 18.18 or newer, this is " + process.versions.node); process.exit(1); }'
	npm install --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

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
	rm -rf $(VENV) node_modules build dist maps/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
