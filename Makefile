# Every command of the project; the work is done by the scripts in .tools.

.DEFAULT_GOAL := help
.PHONY: help run test load peers bench proxy corpus build watch fmt clean

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' $(MAKEFILE_LIST)

run: ## Install what is missing, build the release, and serve it
	@.tools/run.sh serve

test: ## Everything CI runs
	@.tools/test.sh

load: build ## 20,000 page loads at 32 connections, memory and start time of the release
	@node .tools/load.mjs

peers: build ## Ours and six other consoles side by side, with GitHub's, Stripe's and OpenAI's documents
	@.tools/peers.sh

proxy: build ## The throughput of the proxy beside nginx's (needs nginx and wrk)
	@node .tools/proxy.mjs

corpus: ## Every operation of 2,649 real documents: its page, its example, its form
	@.tools/corpus.sh

bench: ## What sessions cost, in a file and in Redis (a minute each to fill them with a million)
	@LEPTOS_OUTPUT_NAME=vestibule cargo bench --locked --package vestibule-benches

build: ## Install what is missing and build the release into target/
	@.tools/run.sh build

watch: ## Serve a development build that follows the source
	@.tools/run.sh watch

fmt: ## Format the source
	@cargo fmt --all

clean: ## Remove everything built here (sessions in data/ stay)
	@rm -rf target end2end/node_modules end2end/test-results end2end/playwright-report
