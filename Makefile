# A thin front for Meson and the scripts. Everything it builds is under build/, build-asan/, build-tsan/, build-fuzz/ and build-bench/.
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
FOLDER ?= screenshots

.PHONY: all demo screenshots check bench fuzz lint format install clean help

all: build/build.ninja ## build the programs
	ninja -C build

build/build.ninja:
	scripts/bootstrap build
	meson setup build --prefix=$(PREFIX)

demo: ## Plumbline on a generated company, in the browser until Ctrl-C; DEMO_EXIT=1: without staying, DEMO_SIZE=planted: with more to find
	scripts/bootstrap build
	scripts/demo

screenshots: ## pictures of every page, light, dark and on a phone, in FOLDER (screenshots/)
	scripts/bootstrap test
	scripts/screenshots $(FOLDER)

check: ## install what is missing, build, and run every test
	scripts/bootstrap test
	scripts/check

bench: ## measure; figures go to docs/performance.md by hand
	scripts/bootstrap build
	scripts/bench

fuzz: ## fuzz every decoder for FUZZ_SECONDS each
	scripts/bootstrap test
	scripts/fuzz $(FUZZ_SECONDS)

lint: ## layout, layers, static analysis
	scripts/bootstrap test
	scripts/lint

format: ## lay out all C sources
	git ls-files '*.c' '*.h' | xargs clang-format-14 -i

install: all ## install below PREFIX
	DESTDIR=$(DESTDIR) meson install -C build --no-rebuild

clean:
	rm -rf build build-*

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'
