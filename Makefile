# The short names of everyday work. `make help` lists them.

.DEFAULT_GOAL := help
.PHONY: help run run-dapr setup build release test test-sanitized test-debian13 test-long fuzz check-deploy check-cluster lint fmt bench bench-compare bench-chain bench-text bench-web bench-instructions micro clean
MAKEFLAGS += --no-print-directory

# `make run PORT=9000` and the other variables of the README reach the server through the environment.
run: export DATABASE_URL ?= sqlite:///var/todo.db
run: build  ## build if needed, then serve on http://0.0.0.0:8000 with SQLite in var/
	@exec build/release/rondo serve

run-dapr: build  ## a Kafka broker, a Dapr sidecar and the server on this machine; says how to see an event go round
	@tools/run-dapr

setup:  ## install the Debian packages and the Python environment that all targets need
	@tools/install-packages build test bench
	@tools/newest-tzdata --now
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt

build:  ## build build/release/rondo
	@tools/install-packages build
	@tools/newest-tzdata
	@tools/build release rondo

release: build  ## tarball, Debian package, list of contents, notes and checksums, in build/dist
	@tools/install-packages release
	@tools/package

test:  ## run every test and check; ends with one line "N passed, N failed"
	@tools/install-packages build test debian
	@tools/newest-tzdata
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@tools/test

check-deploy:  ## render the Kubernetes files and judge them and the workflows; the first time it builds its tools with Go
	@tools/check-deploy

check-cluster:  ## apply the Kubernetes files to a real API server, and roll back there; the first time it builds Kubernetes with Go
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@tools/with-services kubernetes -- .venv/bin/python -m pytest -q -p no:cacheprovider tests/cluster

test-long:  ## what takes too long for make test: the suites of test-sanitized, former versions of the services, five minutes of each fuzzer, all on Debian 13
	@tools/install-packages build test
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@tools/test --long
	@$(MAKE) test-debian13

fuzz:  ## every fuzzer for FUZZ="--seconds 600"; FUZZ="--seconds 600 fuzz_http" for one
	@tools/install-packages build test
	@tools/fuzz $(FUZZ)

test-sanitized:  ## the suites with TSan, and the system suites with ASan, which make test leaves out
	@tools/install-packages build test
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@tools/test "unit tsan" "transports tsan" "mock transports tsan" "system tsan" "system asan" "system postgres tsan" "system postgres asan"

test-debian13:  ## the unit, contract and system suites on a Debian 13 made for them; the sidecar is this machine's
	@tools/install-packages debian
	@tools/with-services dapr -- tools/other-debian trixie sh -ec 'make setup; tools/test "unit asan" "transports asan" "mock transports asan" "system release" "system postgres release"'

lint:  ## check format, layers, scripts and, with clang-tidy, what changed in src since its last check
	@tools/install-packages build test
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@tools/lint

fmt:  ## format C++ and Python
	@tools/install-packages test
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@find src tests bench -name '*.[ch]pp' -print0 | xargs -0 -P 2 -n 16 clang-format-19 -i
	@.venv/bin/ruff format --quiet

bench: bench-compare bench-chain bench-text bench-web  ## all that is measured: the four below

bench-compare:  ## Rondo and the FastAPI backend side by side; BENCH="--json" and other options go to bench/load/compare.py
	@tools/install-packages build bench
	@tools/build release rondo
	@tools/python-env build/bench/venv bench/load/peer-fastapi/requirements.txt
	@python3 bench/load/compare.py $(BENCH)

bench-chain:  ## completion to next occurrence over each transport, outages; CHAIN="outage", "kills" or "replicas", and other options of bench/load/chain.py
	@tools/install-packages build test bench
	@tools/build release rondo
	@python3 bench/load/chain.py $(or $(CHAIN),latency)

bench-text:  ## searching and sorting by title at 100,000 tasks, and how long these get their keys; TEXT="--tasks 1000000" and other options of bench/load/text.py
	@tools/install-packages build bench
	@tools/build release rondo
	@python3 bench/load/text.py $(TEXT)

bench-web:  ## the page in Chromium: its first load, two windows, 10,000 tasks
	@tools/install-packages build test
	@tools/build release rondo
	@tools/web-bench

bench-instructions:  ## instructions for one request of each route, beside the baseline; COUNT="--against BINARY" sets two builds side by side
	@tools/install-packages build test
	@tools/build release rondo
	@tools/python-env .venv tests/requirements.txt tools/requirements.txt
	@tools/with-services postgres -- .venv/bin/python bench/instructions/count.py $(COUNT)

micro:  ## google-benchmark of recurrence and JSON
	@tools/install-packages build bench
	@tools/build release bench_micro
	@build/release/bench/micro/bench_micro

clean:  ## remove build/ (not the data in var/)
	rm -rf build

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile
