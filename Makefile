# The two commands: `make` (set up, then the quick study) and `make test` (under ten minutes).
PYTHON ?= python3
BIN := .venv/bin
# What no job runs (tools/) imports the package from where it lies.
TOOL := PYTHONPATH=workflow/scripts:tools $(BIN)/python -m

.PHONY: study check test test-slow test-all test-container lint hooks lock pins bench bench-cluster docs site faults published results reference compare notebook pictures setup clean

study: setup
	$(BIN)/snakemake --cores all
	@echo "The report: $$(pwd)/results/quick/report/index.html"

# Whether config files make a study: make check CONFIG=config/mnist.yaml
CONFIG ?= config/config.yaml
check: setup
	@$(TOOL) check_config $(CONFIG)

# Two files of tests at a time, the longest first. `make test` leaves out what is marked as slow;
# `make test-all` tries what chance decides (kills, two at once, fuzzing) two to three times as often.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: setup
	$(PYTEST) -m "not slow"

test-slow: setup
	$(PYTEST) -m slow

test-all: setup
	SPARSEVAE_FULL_COUNTS=1 $(PYTEST)

# The Dockerfile built without a registry and run: root, buildah, debootstrap, 30 GB, 20 minutes.
test-container: setup
	SPARSEVAE_FULL_COUNTS=1 $(BIN)/python -m pytest tests/slow/test_container_run.py --durations=0

# Style, the layers of imports, types, the workflows of the hosted integration.
lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint
	cd workflow/scripts && ../../$(BIN)/lint-imports ../../pyproject.toml --no-logo --no-cache
	$(BIN)/mypy
	$(BIN)/actionlint

# requirements.txt with the hash of each file, for every system: after a change of a pin.
lock: export UV_CUSTOM_COMPILE_COMMAND := make lock
lock:
	$(PYTHON) -m venv build/uv
	build/uv/bin/pip install --quiet uv==0.13.9
	build/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate \
	  --python-version 3.11 requirements.txt --output-file requirements.lock

# envs/*.pin.txt, which `--sdm conda` then installs: needs conda, its channels and Python < 3.13.
pins: setup
	$(BIN)/snakedeploy pin-conda-envs envs/*.yaml

# `make lint` before each commit.
hooks: setup
	$(BIN)/pip install --quiet pre-commit
	$(BIN)/pre-commit install

# Twenty minutes on a machine that does nothing else; torch.compile needs g++.
bench: setup
	$(TOOL) benchmark .
	cp results/bench/summary.md docs/benchmarks.md
	cp results/bench/summary.png docs/images/benchmarks.png

# How trainings are submitted to SLURM, on one of this machine: root, slurm-wlm and munge, 15 minutes.
bench-cluster: TOOL := PYTHONPATH=workflow/scripts:tools:tests/support $(BIN)/python -m
bench-cluster: setup
	$(TOOL) benchmark.cluster . --page docs/speed.md

docs: setup
	$(TOOL) config_reference config
	$(TOOL) figure_reference > docs/figures.md
	$(TOOL) gradient_bias docs/relaxations.md

# The online report in build/site: documentation, API, and the report of the study of CONFIG.
site: setup
	$(BIN)/snakemake --cores all --configfile $(CONFIG)
	@$(TOOL) website build/site $(CONFIG)

# docs/kills.md, from the suite that kills a study.
faults: setup
	SPARSEVAE_FAULTS_PAGE=docs/kills.md $(BIN)/python -m pytest tests/workflow/test_kills.py -m slow

published: setup
	$(TOOL) published_rows resources/published

# The studies behind docs/results.md, hours on two cores; SETTINGS="--config datasets_dir=..." for MNIST.
results: setup
	$(BIN)/snakemake --cores all --configfile config/smiley.yaml
	$(BIN)/snakemake --cores all --configfile config/warmup.yaml
	$(BIN)/snakemake --cores all --configfile config/mnist_warmup.yaml $(SETTINGS)
	$(BIN)/snakemake --cores all --configfile config/reproduction.yaml config/reproduction_small.yaml $(SETTINGS)
	$(TOOL) results_page docs/results.md .

# Track a finished study below docs/reference: make reference CONFIG=config/smiley.yaml FIGURES="..."
reference: setup
	$(TOOL) reference_study $(CONFIG) --figures $(FIGURES)

# Which cells of two studies agree: make compare STUDY=results/mine REFERENCE=docs/reference/smiley
compare: setup
	@$(TOOL) compare $(STUDY) $(REFERENCE)

# The outputs of the notebook, from the quick study.
notebook: study
	$(TOOL) notebook docs/trained_model.ipynb

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
