# Everything a developer runs. `make` alone prints the list.

GO ?= go
# The order of the tests: a failed run is repeated with make test SEED=… (a property test that fails
# prints the seed of its own values).
SEED := $(or $(SEED),$(shell od -An -N3 -tu4 /dev/urandom | tr -d ' '))
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
# Pinned, built once from source into .tmp (about 80 s on two cores), never part of go.mod.
LINT_VERSION := v2.15.0
LINT := .tmp/bin/golangci-lint-$(LINT_VERSION)
# Packages in which goroutines meet: their tests run under the race detector, which slows them down
# several times; elsewhere it would find nothing.
RACED := /(engine/(live|job|script)|runtime/(tenant|signin|files|egress))$$
# check has vetted all there is, tests as well.
TEST := $(GO) test -vet=off
# What must stand without the CRM.
ENGINE := ^tidewater/engine(/|$$)
# Of two large ones only those tests in which several do something at once, or one is stopped in the middle; make soak
# races all of them.
MEETING := AtOnce|Parallel|Processes|Kill|Die|While|Twice|Once|Stopped|Overtake|Attacker|Attend|Sweep|Stream|Hear|Job
MEETS := ./engine ./runtime/http

# Without paths what is compiled once is good for every copy of the tree, and for the binary as for the tests.
export GOFLAGS += -buildvcs=false -trimpath

.DEFAULT_GOAL := help
.PHONY: help run build web gen check check-gen check-web test test-go test-mongo test-mongo-peer test-without-crm test-web test-journeys journeys screenshots web-budgets bench bench-peer bench-import bench-pools bench-parts bench-rules soak crawl mutate-access fuzz clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## start the demo on http://127.0.0.1:8080, its data in ./data
	bin/tidewater demo --addr 127.0.0.1:8080 --data data

build: web ## build bin/tidewater, static, with its version from git and the web app inside
	CGO_ENABLED=0 $(GO) build -ldflags '$(LDFLAGS)' -o bin/tidewater ./runtime/cmd/tidewater

# The web app for business users. Packages are installed once per lock file, from the npm registry that is
# configured, and the app is built when one of its sources is newer than what was built.
WEB := runtime/web
WEB_READY := $(WEB)/node_modules/.package-lock.json
WEB_BUILT := $(WEB)/built/app/index.html
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/scripts $(WEB)/index.html $(WEB)/vite.config.ts -type f 2>/dev/null)
web: $(WEB_BUILT) ## build the web app that the binary serves, held to its budgets of size

$(WEB_BUILT): $(WEB_READY) $(WEB_SOURCES)
	npm run --prefix $(WEB) build
	@touch $@

$(WEB_READY): $(WEB)/package-lock.json
	npm ci --prefix $(WEB)
	@touch $@

# The web apps' types come from schemas/ and from the description of the API. The tools are installed
# once per lock file, from the npm registry that is configured.
WEB_TOOLS := runtime/web/tools
WEB_TOOLS_READY := $(WEB_TOOLS)/node_modules/.package-lock.json
gen: $(WEB_TOOLS_READY) ## write the TypeScript types of metadata and of the API, runtime/web/src/*/*.gen.ts
	node $(WEB_TOOLS)/gen.mjs

check-web: $(WEB_READY)
	npm run --prefix $(WEB) check

check-gen: $(WEB_TOOLS_READY)
	node $(WEB_TOOLS)/gen.mjs --check

$(WEB_TOOLS_READY): $(WEB_TOOLS)/package-lock.json
	npm ci --prefix $(WEB_TOOLS)
	@touch $@

check: $(LINT) check-gen check-web ## gofmt, golangci-lint with go vet and the marks of style (see .golangci.yml), generated files, the web app
	@unformatted=$$(gofmt -l $$($(GO) list -f '{{.Dir}}' ./...)); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(LINT) run ./...

$(LINT):
	@mkdir -p $(@D)
	GOBIN=$(CURDIR)/.tmp/install $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv .tmp/install/golangci-lint $@

# What stands in for a MongoDB where none is at hand; see its README.
PEER := engine/store/mongo/peer
PEER_READY := $(PEER)/node_modules/.package-lock.json
$(PEER_READY): $(PEER)/package-lock.json
	npm ci --prefix $(PEER)
	@touch $@

test: test-go test-without-crm test-web test-journeys ## every test, in random order, raced where goroutines meet; the engine without the CRM; the web app's parts and the walks through it

# The engine's own are those of test-without-crm, but for what is raced.
test-go: export TIDEWATER_PEER := 1
test-go: $(PEER_READY)
	@echo "tests run in the order of seed $(SEED); to repeat: make test SEED=$(SEED)"
	$(TEST) -shuffle=$(SEED) $$($(GO) list ./... | grep -vE '$(RACED)|$(ENGINE)')
ifeq ($(shell $(GO) env CGO_ENABLED),1)
	$(TEST) -race -shuffle=$(SEED) $$($(GO) list ./... | grep -E '$(RACED)')
	$(TEST) -race -shuffle=$(SEED) -run '$(MEETING)' $(MEETS)
else
	@echo "no C compiler here: the race detector is NOT used"
	$(TEST) -shuffle=$(SEED) $$($(GO) list ./... | grep -E '$(RACED)')
endif
	@[ -n "$(MONGODB_URI)" ] || sed -n '/^## What no peer/,$$p' $(PEER)/README.md

# The databases are called tidewater_test_… (or as the address's path says) and dropped again.
MONGO_PARTS := ./engine ./engine/audit ./engine/carry ./engine/job ./engine/publish ./engine/record ./runtime/tenant ./runtime/http
test-mongo: ## storetest, every scenario of the engine and of HTTP, and processes beside each other on the MongoDB (a replica set, 6 or newer) of MONGODB_URI=mongodb://…
	@[ -n "$(MONGODB_URI)" ] || { echo "say which: make test-mongo MONGODB_URI=mongodb://…"; exit 2; }
	MONGODB_URI='$(MONGODB_URI)' $(GO) test -count=1 -v -timeout 60m ./engine/store/mongo
	MONGODB_URI='$(MONGODB_URI)' $(GO) test -count=1 -timeout 120m $(MONGO_PARTS)
	MONGODB_URI='$(MONGODB_URI)' $(GO) test -count=1 -timeout 30m -v -run 'OfMongoDB$$' ./runtime/sample
	MONGODB_URI='$(MONGODB_URI)' $(GO) test -count=1 -timeout 10m -v -run '^(TestOnMongoDB|TestTwoProcesses)' ./runtime/cmd/tidewater

test-mongo-peer: $(PEER_READY) ## the same on what stands in for a MongoDB; takes long
	@mkdir -p .tmp; rm -f .tmp/peer; node $(PEER)/serve.mjs --alone > .tmp/peer & peer=$$!; trap "kill $$peer" EXIT; \
	until [ -s .tmp/peer ]; do sleep 0.1; done; $(MAKE) test-mongo MONGODB_URI="$$(cat .tmp/peer)"

test-web: $(WEB_READY) ## the web app's parts, in a made-up browser
	npm test --prefix $(WEB)

# The web app as people walk through it, in a real browser and both sizes. ONLY narrows the walks to files.
IN_CHROMIUM = chromium=$$($(WEB)/scripts/chromium.sh) && CHROMIUM="$$chromium" npm run --prefix $(WEB)
journeys: build ## every journey through the built web app in Chromium, held to WCAG 2.2 AA; ONLY=door,record for some
	@$(IN_CHROMIUM) journeys -- $(subst $(comma), ,$(ONLY))
comma := ,

# Without those in journeys/wide, which go through every page of every role.
test-journeys: build
	@$(IN_CHROMIUM) journeys -- --exclude 'journeys/wide/**'

screenshots: build ## pictures of 25 pages in both sizes, light and dark, in .tmp/screenshots, for eyes
	@$(IN_CHROMIUM) screenshots

web-budgets: build ## what the web app takes against RECORDS (100,000) customers, as ratios, held to its budgets; ONLY=list,typing for some; minutes
	@$(IN_CHROMIUM) budgets -- $(subst $(comma), ,$(ONLY))

# The engine must not need the CRM: a copy of the tree without it has to build, and the engine's tests run there and only
# there: twice would take a quarter of all.
WITHOUT_CRM := .tmp/without-crm
test-without-crm: export TIDEWATER_PEER := 1
test-without-crm: $(PEER_READY) ## the engine's tests in a copy of the tree that has no builtin-apps/crm
	@rm -rf $(WITHOUT_CRM) && mkdir -p $(WITHOUT_CRM)
	@tar -c --exclude=./.git --exclude=./.tmp --exclude=./bin --exclude=./data --exclude=node_modules \
		--exclude=./builtin-apps/crm . | tar -x -C $(WITHOUT_CRM)
	@ln -s $(CURDIR)/$(PEER)/node_modules $(WITHOUT_CRM)/$(PEER)/node_modules
	cd $(WITHOUT_CRM) && $(GO) build ./... && $(TEST) -shuffle=$(SEED) $$($(GO) list ./engine/... | grep -vE '$(RACED)')
	@rm -rf $(WITHOUT_CRM)

bench: build ## whole-system loads over HTTP on loopback, beside the raw store and /healthz; RECORDS=100000 for more
	bin/tidewater bench $(if $(RECORDS),--records $(RECORDS))

# Ten people share the records evenly.
OWN ?= $(shell expr $(or $(RECORDS),100000) / 10)
bench-peer: build ## beside PocketBase on equal terms, as ratios; RECORDS (100000), ROUNDS (5), OWN (a tenth), CORES (1), ONLY=list,get, PROFILES=folder, KEEP=folder
	cd runtime/bench/peer && CGO_ENABLED=0 $(GO) build -o '$(CURDIR)/.tmp/bin/peer' .
	bin/tidewater bench --peer .tmp/bin/peer --records $(or $(RECORDS),100000) --own $(OWN) \
		$(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(CORES),--cores $(CORES)) $(if $(ONLY),--only $(ONLY)) $(if $(APP),--app $(APP)) \
		$(if $(PROFILES),--profiles $(PROFILES)) $(if $(KEEP),--keep $(KEEP))

bench-import: build ## imports of csv beside the raw store, and people who save meanwhile; ROWS (20000), ROUNDS (5), CORES (1), PROFILES=folder
	bin/tidewater bench --import $(or $(ROWS),20000) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(CORES),--cores $(CORES)) \
		$(if $(PROFILES),--profiles $(PROFILES))

bench-pools: build ## sweeps beside the raw store and beside people who save, a hand-out, and lists within scopes; RECORDS (100000; 1000000 is what the design asks for), PROFILES=folder
	bin/tidewater bench --pools $(or $(RECORDS),100000) $(if $(PROFILES),--profiles $(PROFILES))

BENCH ?= .
bench-parts: ## every benchmark in the tests; one of them: make bench-parts BENCH=Tokens
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

# The figures that the README states of rules, each beside what is asked of it ("…-asked"), in one run.
bench-rules: ## what rules, hooks, evaluation, recomputation and fairness cost, each beside what is asked of it; minutes
	$(GO) test -run '^$$' -bench '^Benchmark(Rules|Evaluate)$$' ./engine/record
	$(GO) test -run '^$$' -bench '^BenchmarkHook$$' -benchtime 2000x ./engine/script
	$(GO) test -run '^$$' -bench '^Benchmark(Recompute|Fairness)$$' -benchtime 1x -timeout 30m ./engine

GROWTH ?= 1000000
KILLS ?= 100
soak: build ## 100,000 decisions beside an oracle; what questions examine among GROWTH (1,000,000) records and a hundredth of them; KILLS (100) kills of a writing server, and rounds of ten processes that sweep and die; two years of sweeps in 200 worlds beside a simulator; a manager who imports and hands out 10,000 leads through the API; others beside an attacker; everything that can be pressed in the web app by every role; long
	ACCESS_TRIALS=100000 $(GO) test -count=1 -v -run '^TestDecisionsAgreeWithTheOracle$$' ./engine/access
	WAYS=1200 $(GO) test -count=1 -v -run '^TestEveryWayOutAgreesWithTheOracle$$' ./engine/record
	GROWTH=$(GROWTH) $(GO) test -count=1 -timeout 90m -v -run '^TestContract$$/^Scopes$$' ./engine/store/sqlite
	GROWTH=$(GROWTH) $(GO) test -count=1 -timeout 90m -v -run '^TestWorkDoesNotGrow$$' ./engine/record
	$(GO) test -race -count=1 -timeout 60m $(MEETS)
	TIDEWATER_SOAK_KILLS=$(KILLS) $(GO) test -count=1 -timeout 90m -v -run '^(TestAKilledServer|TestTwoProcesses)' ./runtime/cmd/tidewater
	RECLAIM_WORLDS=200 $(GO) test -count=1 -timeout 60m -v -run '^TestReclaimingAgrees' ./engine
	LEADS=10000 $(GO) test -count=1 -timeout 60m -v -run '^TestASalesManagerRunsHerPools$$' ./admin/http
	TIDEWATER_SOAK_SWEEPS=$(KILLS) $(GO) test -count=1 -timeout 90m -v -run '^TestTenProcessesThatDie' ./engine
	$(GO) test -run '^$$' -bench '^BenchmarkFairness$$' -benchtime 1x -timeout 30m ./engine
	@$(MAKE) crawl

crawl: build ## everything that can be pressed in the web app, once, by the first role that sees it, in both sizes, page by page into .tmp/crawl; one that was broken off goes on; and the walks through every page and form; long
	@$(IN_CHROMIUM) crawl

mutate-access: ## bend each check of who may do what in turn, and see that the tests notice every one; minutes
	$(GO) test -tags mutate -count=1 -timeout 60m -v -run '^TestEveryMutant' ./engine/access ./engine/record

FUZZTIME ?= 20s
fuzz: ## each fuzz target for FUZZTIME (20s), one after the other
	@set -e; for package in $$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "== $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

clean: ## remove what the other targets made; ./data stays
	rm -rf bin .tmp $(WEB)/built/app
