# The two commands: `make` (set up, then the quick study) and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: study test setup clean lint

study: setup
	$(BIN)/snakemake --cores all
	@echo "Tables and figures: $$(pwd)/results/quick/tables and $$(pwd)/results/quick/figures"

test: setup
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/snakefmt --check Snakefile workflow && $(BIN)/snakemake --lint

setup: .venv/.installed

.venv/.installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@

clean:
	rm -rf results/quick .snakemake
