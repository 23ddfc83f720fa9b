# LiveTalk and Crane. `make help` lists what there is.
SHELL := /bin/bash
SWIFT ?= swift
# The compiler's option has generic types asked for by their accessors and not looked up by name: a third of a start (Docs/Decisions/0062).
# libstdc++ is linked into the program, from a folder without the shared one, and no symbol of the program's is for others: both have the
# dynamic linker do less (Docs/Decisions/0063).
STATIC_LIBRARIES = $(shell mkdir -p .build/static && ln -sf "$$(clang -print-file-name=libstdc++.a)" .build/static/ && \
	echo $(CURDIR)/.build/static)
RELEASE_BUILD = $(SWIFT) build -c release --static-swift-stdlib \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
	-Xswiftc -L$(STATIC_LIBRARIES) -Xlinker --no-export-dynamic
RELEASE = $(RELEASE_BUILD) --product livetalk
PACKAGES := libuv1-dev libsqlite3-dev libsodium-dev libqrencode-dev libcurl4-openssl-dev zlib1g-dev pkg-config
# A build without PostgreSQL needs no libpq, and its tests no server.
TEST_PACKAGES := redis-server
ifneq ($(LIVETALK_POSTGRES),0)
PACKAGES += libpq-dev
TEST_PACKAGES += postgresql pgbouncer
TEST_NODES = python3 Tests/Postgres/nodes.py --livetalk .build/debug/livetalk --posts 600 --clients 16 --followers 8 --nodes 2 --kills 2
endif
# Where `install` puts what `build` has made.
BINARY ?= .build/release/livetalk
PREFIX ?= /usr/local
UNITS = $(PREFIX)/lib/systemd/system

SOURCES := Package.swift Sources Tests Examples

.DEFAULT_GOAL := help

## run: build and serve comments on http://127.0.0.1:8000 (ARGS="--port 9000" for more)
run: packages
	$(RELEASE)
	exec .build/release/livetalk serve $(ARGS)

## dev: build and serve, and again whenever a source changes (ARGS="--port 9000" for more)
dev: packages
	$(SWIFT) build --product crane
	exec .build/debug/crane dev livetalk -- serve $(ARGS)

## demo: build, and serve a talk in which made-up people comment and vote (ARGS="--port 9000 --rate 60")
demo: packages
	$(RELEASE)
	exec .build/release/livetalk demo $(ARGS)

## build: the release binary, .build/release/livetalk
build: packages
	$(RELEASE)

# How many tests run beside each other. All at once would be thousands, and some hold a thread while they wait.
TESTS_AT_ONCE ?= 4
TEST = SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(TESTS_AT_ONCE) $(SWIFT) test

## test: everything, as CI runs it
test: packages test-packages
	$(SWIFT) build --build-tests
	$(TEST) --skip-build
	Tests/Conformance/websocket.sh --short .build/debug/livetalk
	Tests/RoomPages/run.sh .build/debug/livetalk --short
	python3 Tests/Hostile/hostile.py --short --livetalk .build/debug/livetalk
	python3 Tests/Conformance/celery/celery_workers.py --short --livetalk .build/debug/livetalk
	$(TEST_NODES)

# What has another form with PostgreSQL: the stores, jobs, settings and commands. The other modules are built as before.
WITHOUT_POSTGRES := 'CraneJobsTests|CommentStoreTests|UserStoreTests|SettingsTests|JobCommandTests|CommandTests|WithoutPostgresTests'

## test-sqlite: build and test without PostgreSQL (LIVETALK_POSTGRES=0), in the same place: only what differs is built anew
test-sqlite: export LIVETALK_POSTGRES := 0
test-sqlite: packages
	$(SWIFT) build --build-tests
	$(TEST) --skip-build --filter $(WITHOUT_POSTGRES)

## test-systemd: the service under a real systemd, and behind nginx and Caddy, in a container (root only)
test-systemd: packages systemd-packages
	$(RELEASE)
	Tests/Systemd/run.sh .build/release/livetalk

## install: the built service with its systemd units, below PREFIX=/usr/local (DESTDIR for packagers)
install:
	@test -x $(BINARY) || { echo "$(BINARY) is not there: run make build first" >&2; exit 1; }
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/livetalk
	install -D -m 644 Docs/Deployment.md $(DESTDIR)$(PREFIX)/share/doc/livetalk/Deployment.md
	install -d $(DESTDIR)$(UNITS)
	for unit in livetalk.service livetalk.socket; do \
		sed 's|/usr/local|$(PREFIX)|g' config/$$unit > $(DESTDIR)$(UNITS)/$$unit && \
		chmod 644 $(DESTDIR)$(UNITS)/$$unit || exit 1; \
	done
	@# An operator's settings outlive an update.
	test -e $(DESTDIR)/etc/livetalk/livetalk.env || \
		install -D -m 644 config/livetalk.env $(DESTDIR)/etc/livetalk/livetalk.env

## uninstall: remove what install has put there, but neither /etc/livetalk nor the database
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/livetalk $(DESTDIR)$(UNITS)/livetalk.service $(DESTDIR)$(UNITS)/livetalk.socket
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/livetalk

## test-crash: kill -9 the service two hundred times under load, and 40,000 jobs some fifty times; the power fails in a long record of writes
test-crash: packages
	$(SWIFT) build --build-tests
	CRASH_TEST_KILLS=200 CRASH_TEST_JOBS=40000 POWER_LOSS_WRITES=1000 \
		$(SWIFT) test --skip-build --filter 'CrashTests|PowerLossTests'

## test-postgres: a node whose PostgreSQL has seven faults, four nodes that are killed while it restarts and fails over (ARGS="--posts 2000" for a short one)
test-postgres: packages test-packages
	$(RELEASE)
	python3 Tests/Postgres/faults.py --livetalk .build/release/livetalk
	python3 Tests/Postgres/nodes.py --livetalk .build/release/livetalk $(ARGS)

## test-hostile: 20,000 subscribers, floods of them, forged votes and tokens, other sites' pages, hidden texts asked for
test-hostile: packages
	$(RELEASE)
	python3 Tests/Hostile/hostile.py --livetalk .build/release/livetalk $(ARGS)

## bench: measure LiveTalk beside plain C servers, and the codec beside Foundation (ARGS="--quick" for a look)
bench: packages bench-packages
	$(RELEASE)
	python3 Tests/Benchmarks/bench.py --json .build/benchmarks.json $(ARGS)
	BENCHMARKS=1 $(RELEASE_BUILD) --product codec-benchmark
	.build/release/codec-benchmark $(filter --check --quick,$(ARGS))

## bench-peers: measure LiveTalk beside nginx, hyper, Go, Node, Hummingbird and FastAPI, each built from its package (needs PyPI)
bench-peers: packages bench-packages count-packages peer-packages
	$(RELEASE)
	python3 Tests/Benchmarks/bench.py --peers --only plaintext --only pipelined --only comment --json .build/peers.json $(ARGS)
	python3 Tests/Benchmarks/instructions.py --peers --only plaintext --only pipelined --only comment

## bench-steady: latencies at a constant rate of half of what a server can do, and beside durable posts (ARGS="--peers")
bench-steady: packages bench-packages
	$(RELEASE)
	python3 Tests/Benchmarks/steady.py $(ARGS)

## bench-loops: the CPU time of a request with one loop and with two, beside C and nginx
bench-loops: packages bench-packages peer-packages
	$(RELEASE)
	python3 Tests/Benchmarks/loops.py $(ARGS)

## bench-check: count the instructions of requests and of a start, and fail above what was known (ARGS="--short" for the main ones)
bench-check: packages count-packages
	$(RELEASE)
	python3 Tests/Benchmarks/instructions.py --check $(ARGS)
	python3 Tests/Benchmarks/start.py

## bench-client: count the instructions of a request to another server, beside libcurl driven from C
bench-client: packages count-packages
	BENCHMARKS=1 $(SWIFT) build -c release --static-swift-stdlib --product client-requests
	python3 Tests/Benchmarks/outgoing.py $(ARGS)

## bench-batteries: what compression, sessions and metrics cost a request, beside nginx and Go (ARGS="--rounds 3 --no-counts" for a look)
bench-batteries: packages bench-packages count-packages battery-packages
	BENCHMARKS=1 $(RELEASE_BUILD) --product batteries
	python3 Tests/Benchmarks/batteries.py $(ARGS)

## bench-build: how long the debug build of Examples/hello takes, from nothing and after a change (ARGS="-c release")
bench-build: packages
	SWIFT=$(SWIFT) Tests/Example/times.sh $(ARGS)

## bench-growth: count what a request takes among more routes, talks, comments and connections (ARGS="--largest 10000" for a look)
bench-growth: packages count-packages
	$(RELEASE)
	BENCHMARKS=1 $(RELEASE_BUILD) --product growth-routes
	python3 Tests/Benchmarks/growth.py $(ARGS)

## bench-jobs: how many jobs a second are claimed, run and ended on one loop (ARGS="JOBS CONCURRENCY")
bench-jobs: packages
	BENCHMARKS=1 $(SWIFT) build -c release --static-swift-stdlib --product jobs-rate
	.build/release/jobs-rate .build/jobs-rate.db $(ARGS)

## bench-storage: measure batches of writes, how long loops are held, and a million comments
bench-storage: packages bench-packages
	$(RELEASE)
	python3 Tests/Benchmarks/storage.py all $(ARGS)

## bench-fanout: a feed's subscribers beside a plain C server, bursts, kills and a storm (ARGS="--subscribers 300 --rounds 1" for a look)
bench-fanout: packages
	$(RELEASE)
	BENCHMARKS=1 $(RELEASE_BUILD) --product fanout-hub
	python3 Tests/Benchmarks/Fanout/run.py --kinds ws,sse --livetalk .build/release/livetalk $(ARGS)
	python3 Tests/Benchmarks/Fanout/run.py --kinds ws,sse --burst 20 --rate 100 --subscribers 1000 $(ARGS)
	python3 Tests/Benchmarks/Fanout/resume.py --livetalk .build/release/livetalk --kills 5 --seconds 60
	python3 Tests/Benchmarks/Fanout/resume.py --livetalk .build/release/livetalk --kills 1 --subscribers 5000 --churn 0

## parity: send the same requests to the FastAPI reference and to LiveTalk, and compare (needs PyPI)
parity: packages
	$(RELEASE)
	Tests/Conformance/parity.sh --livetalk .build/release/livetalk $(ARGS)

## conformance: outside suites: Autobahn's cases, schemathesis, a generated client, FastAPI's inputs (needs PyPI)
conformance: packages docs-packages
	$(RELEASE)
	Tests/Conformance/websocket.sh .build/release/livetalk
	Tests/Conformance/websocket_browser.sh .build/release/livetalk
	Tests/Conformance/python_client.sh .build/release/livetalk
	CONFORMANCE=1 $(RELEASE_BUILD) --product typed-inputs
	Tests/Conformance/inputs.sh .build/release/typed-inputs
	Tests/Conformance/fuzz_api.sh .build/release/livetalk

## conformance-documents: what a validator and two generators of clients say of the OpenAPI documents of LiveTalk and all examples (needs PyPI)
conformance-documents: packages test-packages
	$(SWIFT) build --product livetalk
	SWIFT=$(SWIFT) Tests/Conformance/documents.sh .build/debug/livetalk

## conformance-celery: unmodified workers of Celery on the embedded broker, each step beside a Redis; workers and LiveTalk killed at random (needs PyPI)
conformance-celery: packages test-packages celery-packages
	$(RELEASE)
	python3 Tests/Conformance/celery/celery_workers.py --livetalk .build/release/livetalk $(ARGS)

## example: build the README's application and those of Examples as packages of their own, and ask them
example: packages test-packages
	SWIFT=$(SWIFT) Tests/Example/run.sh

## docs: the reference of the modules with the guide, by DocC, in .build/reference/site
docs: packages
	python3 Docs/reference.py

## docs-pages: drive /docs and /redoc in headless Chromium
docs-pages: packages docs-packages
	$(RELEASE)
	Tests/DocsPages/run.sh --livetalk .build/release/livetalk $(ARGS)

## test-pages: drive the pages of the talks in headless Chromium (ARGS="--pictures DIRECTORY" to keep what they look like)
test-pages: packages page-packages
	$(SWIFT) build --product livetalk
	Tests/RoomPages/run.sh .build/debug/livetalk $(ARGS)

## screenshots: take the pictures of the stage, of a phone and of the jobs anew
screenshots: packages page-packages
	$(SWIFT) build --product livetalk
	Tests/RoomPages/run.sh .build/debug/livetalk --screenshots Docs/Images

## fuzz: fuzz the wire codecs for a minute (TIME=600 for ten)
fuzz: packages test-packages
	Tests/Fuzz/run.sh $(or $(TIME),60)

## format: put every source file into the house style
format:
	$(SWIFT) format --in-place --recursive --parallel --configuration .swift-format $(SOURCES)

## lint: say what is not in the house style, and hold each module to its count of unsafe lines and to small circles of files
lint:
	@Tests/Lint/unsafe.sh
	@if command -v python3 > /dev/null; then Tests/Lint/cycles.py; else echo "python3 is not there: circles of files are not checked" >&2; fi
	@if $(SWIFT) format --version > /dev/null 2>&1; then \
		$(SWIFT) format lint --strict --recursive --parallel --configuration .swift-format $(SOURCES); \
	else \
		echo "$(SWIFT) has no swift-format, which comes with Swift 6: the style is not checked" >&2; \
	fi

## check: style, warnings as errors, debug and release tests, thread and address sanitizers
check: packages test-packages lint
	WARNINGS_AS_ERRORS=1 $(SWIFT) build --build-tests --scratch-path .build-check
	$(TEST) --skip-build --scratch-path .build-check
	WARNINGS_AS_ERRORS=1 $(TEST) -c release --scratch-path .build-check -Xswiftc -enable-testing
	Tests/Sanitizers/run.sh thread
	Tests/Sanitizers/run.sh address

## clean: remove what was built
clean:
	rm -rf .build .build-*

## help: this list
help:
	@sed -n 's/^## \([a-z-]*\): \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

# Installs Debian packages that are missing; says so when it may not.
define install
missing=$$(dpkg-query -W -f '$${Package} $${Status}\n' $(1) 2>/dev/null | awk '/ok installed/ {print $$1}' \
	| sort | comm -23 <(printf '%s\n' $(1) | sort) -); \
if [ -n "$$missing" ]; then \
	run=; [ "$$(id -u)" = 0 ] || run=sudo; \
	echo "installing" $$missing; \
	$$run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -qq $$missing; \
fi
endef

ifneq ($(shell command -v apt-get),)
packages: ; @$(call install,$(PACKAGES))
test-packages: ; @command -v curl >/dev/null && command -v openssl >/dev/null && python3 -c 'import ensurepip' 2>/dev/null \
	|| { $(call install,python3 python3-venv curl openssl); }
	@$(call install,$(TEST_PACKAGES))
bench-packages: test-packages ; @$(call install,wrk libwebsockets-dev)
count-packages: test-packages ; @$(call install,valgrind)
peer-packages: test-packages ; @$(call install,nginx-light cargo golang-go golang-github-mattn-go-sqlite3-dev nodejs \
	librust-hyper-dev librust-tokio-dev librust-rusqlite-dev librust-serde-json-dev librust-serde-derive-dev)
battery-packages: test-packages ; @$(call install,nginx-light golang-go golang-github-prometheus-client-golang-dev)
docs-packages: test-packages ; @$(call install,chromium python3-venv)
page-packages: test-packages ; @$(call install,chromium zbar-tools fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji)
systemd-packages: ; @$(call install,systemd-container curl python3 openssl)
celery-packages: ; @$(call install,redis-server python3-celery python3-redis)
else
# Nothing can be installed without apt-get: what a target lacks is named, and the target ends.
define need
missing=; for tool in $(1); do command -v $$tool > /dev/null || missing="$$missing $$tool"; done; \
[ -z "$$missing" ] || { echo "there is no apt-get here; install by hand:$$missing" >&2; exit 1; }
endef
packages:
	@$(call need,pkg-config)
	@pkg-config --print-errors --exists libuv sqlite3 libsodium libqrencode libcurl zlib $(if $(TEST_NODES),libpq) || \
		{ echo "there is no apt-get here; install by hand what Debian calls $(PACKAGES)" >&2; exit 1; }
test-packages: ; @$(call need,python3 curl openssl)
bench-packages: test-packages
	@$(call need,wrk)
	@pkg-config --print-errors --exists libwebsockets || \
		{ echo "there is no apt-get here; install by hand what Debian calls libwebsockets-dev" >&2; exit 1; }
count-packages: test-packages ; @$(call need,valgrind)
peer-packages: ; @echo "there is no apt-get here: those of Tests/Benchmarks/peers that cannot be built are left out" >&2
battery-packages: test-packages ; @$(call need,nginx go)
docs-packages: test-packages ; @$(call need,chromium)
page-packages: test-packages ; @$(call need,chromium zbarimg)
systemd-packages: ; @$(call need,systemd-nspawn curl python3 openssl)
celery-packages: ; @$(call need,redis-server)
endif

.PHONY: run dev demo build test test-sqlite test-systemd install uninstall test-crash test-postgres test-hostile bench bench-peers bench-steady bench-loops \
	bench-check bench-client bench-batteries bench-build bench-growth bench-jobs bench-storage bench-fanout parity conformance conformance-documents \
	conformance-celery example docs docs-pages \
	test-pages screenshots fuzz format lint check clean help packages test-packages bench-packages count-packages peer-packages battery-packages \
	docs-packages page-packages systemd-packages celery-packages
