# Every target is also `python -m bookbuild <target>`; the first one installs .venv.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help book test check serve notebooks bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

book: ## run every notebook, build both editions into _build/html
	@$(PYTHON) -m bookbuild book

test: ## everything CI runs
	@$(PYTHON) -m bookbuild test

check: ## parity between the languages, mistakes in the sources
	@$(PYTHON) -m bookbuild check

serve: ## watch, rebuild what is touched, reload the browser (PORT=8000)
	@$(PYTHON) -m bookbuild serve --port $(or $(PORT),8000)

notebooks: ## write the Colab notebooks, both languages
	@$(PYTHON) -m bookbuild notebooks

bench: ## speed of the optimizers against torch's
	@$(PYTHON) -m bookbuild bench

clean: ## remove _build
	@$(PYTHON) -m bookbuild clean
