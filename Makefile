# Every target is also `python -m bookbuild <target>`; the first one installs .venv.
PYTHON ?= python3
PRIVATE_OPTION = $(if $(PRIVATE),--private $(PRIVATE))
.DEFAULT_GOAL := help
.PHONY: help book pdf test check checks anchors serve notebooks assignment grade guard hooks bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

book: ## run every notebook, build both editions into _build/html
	@$(PYTHON) -m bookbuild book

pdf: ## the book on paper: _build/pdf/ift6135-{en,fr}.pdf (EDITION=fr)
	@$(PYTHON) -m bookbuild pdf $(if $(EDITION),--edition $(EDITION))

test: ## everything CI runs
	@$(PYTHON) -m bookbuild test

check: ## parity between the languages, mistakes in the sources
	@$(PYTHON) -m bookbuild check

serve: ## watch, rebuild what is touched, reload the browser (PORT=8000)
	@$(PYTHON) -m bookbuild serve --port $(or $(PORT),8000)

notebooks: ## write the Colab notebooks, both languages
	@$(PYTHON) -m bookbuild notebooks

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

guard: ## refuse what would publish something of the private folder
	@$(PYTHON) -m bookbuild guard $(PRIVATE_OPTION)

hooks: ## let git run the guard before each commit
	@$(PYTHON) -m bookbuild hooks

bench: ## speed of the optimizers against torch's
	@$(PYTHON) -m bookbuild bench

clean: ## remove _build
	@$(PYTHON) -m bookbuild clean
