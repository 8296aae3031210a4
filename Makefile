# The task door. `make help` lists what it opens.
UV_VERSION := 0.13.9
PYTHON ?= python3
TOOLS := .tools
export UV_PYTHON_DOWNLOADS := never
UV := PYTHONPATH=$(TOOLS) $(PYTHON) -m uv
RUN := $(UV) run --frozen --quiet --all-groups

.DEFAULT_GOAL := help
.PHONY: help setup oracle demo docs test check verify

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(TOOLS)/uv-$(UV_VERSION):
	@$(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target $(TOOLS) uv==$(UV_VERSION)
	@touch $@

setup: $(TOOLS)/uv-$(UV_VERSION) ## make .venv with the cordwise command
	@$(UV) sync --frozen --quiet --all-groups

demo: setup ## appraise a published claim and simulate the trial that would settle it
	@$(RUN) cordwise appraise studies/honmou2021.toml --seed 1 --out runs/honmou2021
	@$(RUN) cordwise trial simulate designs/subacute_msc.toml --seed 1 --out runs/subacute_msc

ORACLE := tests/oracle/node_modules/.package-lock.json
$(ORACLE): tests/oracle/package.json tests/oracle/package-lock.json | setup
	@$(RUN) npm ci --prefix tests/oracle --cache "$(CURDIR)/$(TOOLS)/npm" --ignore-scripts --no-audit --no-fund --silent \
	  || { echo "The npm package isncsci could not be fetched; the tests that ask it are skipped." >&2; test "$$CI" != true; }

oracle: $(ORACLE) ## fetch the npm package that ISNCSCI answers are compared with

docs: setup ## build the documentation as a site, in site/
	@$(RUN) python docs/_site/write_commands.py
	@$(RUN) zensical build --strict --clean
	@$(RUN) python docs/_site/nothing_fetched.py

test: setup oracle ## run the tests
	@OPENBLAS_NUM_THREADS=1 $(RUN) pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: setup ## lint, types, import order, data
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) ty check
	@$(RUN) lint-imports
	@$(RUN) cordwise evidence lint
	@$(RUN) python docs/_site/write_commands.py --check

verify: setup oracle ## slow statistics, array shapes, facts of experiments, trials against R's numbers, registries, the population
	@$(RUN) pytest -m slow
	@$(RUN) python verification/joint_conditions.py --draws 5000
	@$(RUN) python verification/shapes.py
	@$(RUN) python verification/house.py
	@$(RUN) python verification/lives_cache.py
	@$(RUN) python verification/wheel.py
	@$(RUN) python verification/perturbations.py
	@$(RUN) python verification/isncsci_oracle.py
	@OPENBLAS_NUM_THREADS=1 $(RUN) python verification/registry_calibration.py
	@$(RUN) python verification/population.py
	@$(RUN) python verification/biomarkers.py
	@$(RUN) python -m verification.reference_numbers
	@$(RUN) python verification/trial_null.py
	@$(RUN) python verification/power_by_set.py
	@$(RUN) cordwise population check src/cordwise/evidence/data/calibration_targets.csv --seed 1 --out runs/population
