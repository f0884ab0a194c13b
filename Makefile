# make run: set-up and dashboard. make test: set-up and tests. See the README for the plain commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-long lint audit check-python

run: $(VENV)/ready
	@$(BIN)/python -m monitor fetch-detector --quiet
	$(BIN)/streamlit run app/main.py

test: $(VENV)/ready
	@$(BIN)/python -m tests.browser.install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# The types beside the tests, of which many wait: both are told, and either fails the whole.
	@told=$$(mktemp); $(BIN)/mypy >$$told 2>&1 & typed=$$!; \
	  $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal; tested=$$?; \
	  wait $$typed; types=$$?; cat $$told; rm -f $$told; exit $$((tested | types))

# What takes a minute or so each: large networks as ONNX, a bad network, the death of a whole cluster.
test-long: $(VENV)/ready
	@$(BIN)/python -m tests.browser.install
	$(BIN)/python -m pytest -m long

lint: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

# Known vulnerabilities of the installed packages, and their list as var/sbom.json.
audit: $(VENV)/ready
	$(BIN)/python -m tests.auditing

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) --version`. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }

$(VENV)/ready: requirements.txt | check-python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
