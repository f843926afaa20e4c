# Everything a person or a machine does with this project. Each target is a few lines in build/.

CONFIGURATION := Release
SERVER := src/OpenPresence.Server/bin/$(CONFIGURATION)/net10.0/OpenPresence.Server.dll

.DEFAULT_GOAL := help
.PHONY: help run build publish test test-client test-under-load soak mutants bench bench-peers bench-check format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## start the server; ARGS="--http-port 8080" passes options on
	@exec dotnet $(SERVER) $(ARGS)

build:
	@build/dotnet.sh build src/OpenPresence.Server/OpenPresence.Server.csproj -c $(CONFIGURATION)

publish: ## the server, compiled ahead for this machine, into artifacts/server
	@build/publish.sh

test: ## everything that proves the product; the last line counts
	@build/test.sh

test-under-load: ## the same ten times beside a bounded load; ARGS="3 copies"
	@build/test-under-load.sh $(ARGS)

# LANG is the locale where nobody gives it: the script then says what there is. The programs get a locale that exists.
test-client: $(if $(URL),,build) ## one Graph SDK; LANG=python, and URL=https://localhost:5443 CA=…/tls/ca.pem for a server of yours
	@LANG=C.UTF-8 build/test-client.sh $(LANG) $(if $(URL),--url $(URL)) $(if $(CA),--ca $(CA))

soak: ## the long runs: crash rounds and simulations that take minutes
	@SOAK=1 build/test.sh

mutants: ## change the code in one place at a time, see whether a test notices; ARGS="identity odata"
	@build/mutants.sh $(ARGS)

bench: ## speed as ratios against a ceiling measured in the same run; ARGS="read"
	@build/bench.sh $(ARGS)

bench-peers: ## the same beside Redis, nginx and ejabberd, which it installs from Debian
	@build/bench.sh --install-peers peers $(ARGS)

bench-check: ## measure, and fail where a ratio is worse than the recorded one
	@build/bench.sh --check bench/recorded.json $(ARGS)

format: ## lay out the code as the check in make test expects it
	@build/dotnet.sh tool restore
	@dotnet csharpier format .

clean: ## remove what was built and downloaded
	@rm -rf artifacts tests/clients/node_modules tests/clients/*/node_modules
	@find src tests samples bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
