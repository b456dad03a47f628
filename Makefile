# The two commands: `make` (set up, then the quick study) and `make test`.
PYTHON ?= python3
BIN := .venv/bin
# What no job runs (tools/) imports the package from where it lies.
TOOL := PYTHONPATH=workflow/scripts:tools $(BIN)/python -m

.PHONY: study test lint bench docs faults published results pictures setup clean

study: setup
	$(BIN)/snakemake --cores all
	@echo "The report: $$(pwd)/results/quick/report/index.html"

# Two files of tests at a time: most of them wait for one process.
test: setup
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/snakefmt --check Snakefile workflow && $(BIN)/snakemake --lint

# Twenty minutes on a machine that does nothing else; torch.compile needs g++.
bench: setup
	cd workflow/scripts && ../../$(BIN)/python -m benchmark ../..
	cp results/bench/summary.md docs/benchmarks.md
	cp results/bench/summary.png docs/images/benchmarks.png

docs: setup
	cd workflow/scripts && ../../$(BIN)/python -m config_reference ../schemas/config.schema.yaml > ../../config/README.md
	cd workflow/scripts && ../../$(BIN)/python -m gradient_bias ../../docs/relaxations.md

# docs/faults.md, from the suite that kills a study.
faults: setup
	SPARSEVAE_FAULTS_PAGE=docs/faults.md $(BIN)/python -m pytest tests/faults/test_kills.py

published: setup
	cd workflow/scripts && ../../$(BIN)/python -m published_rows ../../resources/published

# The studies behind docs/results.md, hours on two cores; SETTINGS="--config datasets_dir=..." for MNIST.
results: setup
	$(BIN)/snakemake --cores all --configfile config/smiley.yaml
	$(BIN)/snakemake --cores all --configfile config/warmup.yaml
	$(BIN)/snakemake --cores all --configfile config/mnist_warmup.yaml $(SETTINGS)
	$(BIN)/snakemake --cores all --configfile config/reproduction.yaml config/reproduction_small.yaml $(SETTINGS)
	cd workflow/scripts && ../../$(BIN)/python -m results_page ../../docs/results.md ../..

pictures: study
	$(BIN)/snakemake --rulegraph | dot -Grankdir=LR -Tsvg > workflow/pages/static/rulegraph.svg

setup: .venv/.installed

.venv/.installed: requirements.txt
	@$(PYTHON) workflow/scripts/sparsevae/jobs/preconditions.py
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@

clean:
	rm -rf results/quick .snakemake
