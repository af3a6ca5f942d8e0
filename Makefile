# The commands of this project: `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

# Tools of an exact version that this machine lacks are built here, and found first.
export PATH := $(CURDIR)/target/tools/bin:$(PATH)

NPM_CI := npm ci --no-audit --no-fund --prefer-offline --loglevel=error
# What stands for each Node step: newer than its sources, nothing is done again; deleted, it is.
UI_MODULES := ui/node_modules/.package-lock.json
UI_DIST := ui/dist/index.html
PROVIDERS := tests/providers/node_modules/.package-lock.json
UI_SOURCES = $(shell find ui -type f -not -path 'ui/node_modules/*' -not -path 'ui/dist/*')
# The rooms that need no window: what the fast loop builds.
ROOMS := -p latchkey-core -p latchkey-signin -p latchkey-store -p latchkey-practice -p latchkey-cli

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: need-run $(UI_DIST) ## Install what is needed, build and open the wizard
	cargo run -p latchkey-app --bin latchkey-wizard

.PHONY: test
test: need-test format deny ui-check ui-test axe lint rust-test doc-test ## Run every test: format, lints, licences, interface, crates, providers, the real window

.PHONY: check
check: need-check format ## The fast loop: format, lints, unit tests and types, without a window
	cargo clippy $(ROOMS) --all-targets -- -D warnings
	cargo nextest run $(ROOMS)
	@$(MAKE) --no-print-directory ui-check ui-test

.PHONY: bench
bench: need-test $(UI_DIST) ## Measure speed, start and memory
	cargo bench -p latchkey-core
	cargo build --profile bench-window -p latchkey-app --bin latchkey-wizard --example bare_window
	tests/on-a-display.sh cargo bench --profile bench-window -p latchkey-tests --bench window

.PHONY: wire
wire: need-run $(UI_DIST)
	LATCHKEY_WRITE_BINDINGS=1 cargo test --quiet -p latchkey-app --lib bindings

.PHONY: package
package: need-run $(UI_DIST) ## Make the .deb, in target/release/bundle/deb
	ui/node_modules/.bin/tauri build --bundles deb

.PHONY: pictures
pictures: need-test $(UI_DIST) ## Take the README's pictures from the real window
	cargo build -p latchkey-app --bin latchkey-wizard
	tests/on-a-display.sh cargo run -p latchkey-tests --bin pictures

# The parts of `test`, in its order; each can be run alone once `need-test` has been.

.PHONY: format
format:
	cargo fmt --all --check

.PHONY: deny
deny: need-deny
	cargo deny --log-level error check bans licenses sources
	@if timeout 120 cargo deny --log-level off fetch db >/dev/null 2>&1; then \
	  cargo deny --log-level error --offline check advisories; \
	else \
	  echo "Advisories were not checked: the advisory database could not be fetched from here."; \
	fi

.PHONY: ui-check
ui-check: $(UI_MODULES)
	npm --prefix ui run --silent check

.PHONY: ui-test
ui-test: $(UI_MODULES)
	npm --prefix ui run --silent test

.PHONY: axe
axe: $(UI_DIST)
	npm --prefix ui run --silent test:axe

.PHONY: lint
lint: $(UI_DIST)
	cargo clippy --workspace --all-targets -- -D warnings

# The programs first: the tests start them, examples too, as a person would. Built together with the tests, so that one set of
# features serves both and nothing is compiled twice.
.PHONY: rust-test
rust-test: $(UI_DIST) $(PROVIDERS)
	cargo build --workspace --bins --examples --tests
	tests/on-a-display.sh cargo nextest run --workspace --no-tests=fail

.PHONY: doc-test
doc-test: $(UI_DIST)
	cargo test --workspace --doc

# Node packages and the built interface: made again only when what they are made from has changed.

$(UI_MODULES): ui/package.json ui/package-lock.json
	$(NPM_CI) --prefix ui
	@touch $@

$(PROVIDERS): tests/providers/package.json tests/providers/package-lock.json
	$(NPM_CI) --prefix tests/providers
	@touch $@

$(UI_DIST): $(UI_MODULES) $(UI_SOURCES)
	npm --prefix ui run --silent build
	@touch $@

# What each command needs of this machine; silent and quick while it is all there.

.PHONY: need-run need-check need-test need-deny
need-run:
	@tests/install.sh rust node $(if $(filter run,$(MAKECMDGOALS)),display) compiler window
need-check:
	@tests/install.sh rust lints node compiler cargo-nextest
need-test:
	@tests/install.sh rust lints node compiler window tests python cargo-nextest
need-deny:
	@tests/install.sh rust cargo-deny
