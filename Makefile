# Avenant: `make help` lists what there is. Each set of parts has one lock, requirements/NAME.txt,
# and one stamp, .venv/NAME.installed, so a second run installs nothing.

PYTHON := .venv/bin/python
PYTHON3 ?= python3
PIP := $(PYTHON) -m pip install -qq --disable-pip-version-check
LINTED := src tests tools action docs/conf.py $(wildcard demo bench)
TYPED := src tools action $(wildcard demo bench)
BENCHES := $(shell grep -ls '^def main' bench/*.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench mutants soak lock docs browser clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s%s\n", $$1, $$2 }' Makefile

demo: .venv/demo.installed ## play the story: real model, real calls, throw-away keys
	@$(PYTHON) -m demo

test: lint docs browser ## lint, types, documentation and every test but the soak
	$(PYTHON) -m pytest -n 2 --dist loadgroup

# No package of Python brings a browser. Where none can be had, the tests marked `web` say so and are skipped.
browser: ## install Debian's chromium for the tests marked web, where there is none and it can be had
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && test "$$(id -u)" = 0 \
		&& apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo "no chromium here: tests marked web are skipped"

lint: .venv/dev.installed ## ruff and mypy
	$(PYTHON) -m ruff check $(LINTED)
	$(PYTHON) -m ruff format --check $(LINTED)
	$(PYTHON) -m mypy $(TYPED)

docs: .venv/dev.installed ## build the documentation into docs/_build/html; a warning is an error
	$(PYTHON) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@! grep -rEl '(src=|<link [^>]*href=|@import )"?https?:' docs/_build/html --include='*.html' \
		|| { echo "these pages load something from outside"; exit 1; }

bench: .venv/dev.installed ## measure; each command in bench/ prints its own ratios
	@test -n "$(BENCHES)" || { echo "bench/ holds nothing to run"; exit 1; }
	@for bench in $(BENCHES); do echo "── $$bench"; $(PYTHON) $$bench || exit; done

mutants: .venv/dev.installed ## break the source a dozen times; each break must fail its named test
	@$(PYTHON) tools/mutants.py

soak: .venv/dev.installed browser ## long runs with free seeds; figures go to docs/explanation/reliability.md
	AVENANT_SOAK=1 $(PYTHON) -m pytest -n 2 --dist loadgroup --timeout 7200 tests

lock: .venv/dev.installed ## refresh requirements/*.txt from pyproject.toml
	@$(PYTHON) tools/lock.py

clean: ## remove what the other targets made, .venv included
	rm -rf .venv build dist docs/_build .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests tools demo bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# pip checks every hash and builds no part from source; the package itself is linked, not copied.
# Bytecode is compiled here, as pip does for the parts: the surroundings may have turned it off.
.venv/%.installed: requirements/%.txt pyproject.toml | $(PYTHON)
	@echo "installing requirements/$*.txt into .venv …"
	@$(PIP) --require-hashes --only-binary :all: -r $<
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(PYTHON) -m compileall -q src
	@touch $@

$(PYTHON):
	@$(PYTHON3) -c 'import sys; v = sys.version_info; \
		v >= (3, 11) or sys.exit("Avenant needs Python 3.11 or later, and this is %d.%d; \
	say make PYTHON3=/path/to/a/later/one" % v[:2])'
	@$(PYTHON3) -m venv .venv
