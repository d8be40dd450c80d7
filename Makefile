# Every target is also `python -m bookbuild <target>`; the first one installs .venv.
PYTHON ?= python3
PRIVATE_OPTION = $(if $(PRIVATE),--private $(PRIVATE))
.DEFAULT_GOAL := help
.PHONY: help book pdf test check checks anchors links serve notebooks offline assignment grade guard hooks lighthouse pins bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

book: ## run every notebook, build both editions into _build/html
	@$(PYTHON) -m bookbuild book

pdf: ## the book on paper: _build/pdf/ift6135-{en,fr}.pdf (EDITION=fr)
	@$(PYTHON) -m bookbuild pdf $(if $(EDITION),--edition $(EDITION))

test: ## everything CI runs
	@$(PYTHON) -m bookbuild test

check: ## parity, spelling and typography of both languages (FIX=1 mends the latter)
	@$(PYTHON) -m bookbuild check $(if $(FIX),--fix)

serve: ## watch, rebuild what is touched, reload the browser (PORT=8000)
	@$(PYTHON) -m bookbuild serve --port $(or $(PORT),8000)

notebooks: ## write the Colab notebooks, both languages
	@$(PYTHON) -m bookbuild notebooks

offline: ## one zip an edition, to open from the disk: _build/offline
	@$(PYTHON) -m bookbuild offline

checks: ## verify the exercises, write what check() compares with (PRIVATE=folder)
	@$(PYTHON) -m bookbuild checks $(PRIVATE_OPTION)

assignment: ## student notebooks of CHAPTER=04-optimization (EXERCISES="a b", EDITION=fr)
	@$(PYTHON) -m bookbuild assignment $(CHAPTER) $(PRIVATE_OPTION) \
	  $(if $(EXERCISES),--exercises $(EXERCISES)) $(if $(EDITION),--edition $(EDITION))

grade: ## grade CHAPTER=… SUBMISSIONS=folder (PRIVATE=folder, EDITION=fr)
	@$(PYTHON) -m bookbuild grade $(CHAPTER) --submissions $(SUBMISSIONS) \
	  $(PRIVATE_OPTION) \
	  $(if $(EXERCISES),--exercises $(EXERCISES)) $(if $(EDITION),--edition $(EDITION))

anchors: ## add the book's new addresses to the list that may not lose any
	@$(PYTHON) -m bookbuild anchors

links: ## the built site's links that lead nowhere
	@$(PYTHON) -m bookbuild links

guard: ## refuse what would publish something of the private folder
	@$(PYTHON) -m bookbuild guard $(PRIVATE_OPTION)

hooks: ## let git run the guard before each commit
	@$(PYTHON) -m bookbuild hooks

lighthouse: ## Lighthouse's scores of the built site (RUNS=5)
	@$(PYTHON) -m bookbuild lighthouse --runs $(or $(RUNS),5)

pins: ## renew every pinned version, say what changed (DRY_RUN=1: only say)
	@$(PYTHON) -m bookbuild pins $(if $(DRY_RUN),--dry-run)

bench: ## speed against other libraries, as ratios (BENCH=conv: only this one)
	@$(PYTHON) -m bookbuild bench $(BENCH)

clean: ## remove _build
	@$(PYTHON) -m bookbuild clean
