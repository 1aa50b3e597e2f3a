#!/usr/bin/env bash
# make test: everything CI runs. What fails fastest comes first, and server and tests share one build of the dependencies.
set -euo pipefail
# shellcheck source=.tools/steps.sh
. "$(dirname "$0")/steps.sh"
# shellcheck source=.tools/tools.sh
. .tools/tools.sh

server=(--release --locked --features ssr)
# The profile and target folder in which cargo-leptos builds for the browser.
browser=(--profile wasm-release --target-dir target/front --target wasm32-unknown-unknown --locked --package vestibule-browser)

# As cargo-leptos sets it: Leptos is compiled with this name, and with another one would be compiled again.
export LEPTOS_OUTPUT_NAME=vestibule

dependencies() {
  cargo_deny && cargo deny --locked --features ssr,hydrate check bans licenses sources || return
  if curl --silent --head --fail --max-time 10 --output /dev/null https://github.com/rustsec/advisory-db; then
    cargo deny --locked --features ssr,hydrate check advisories
  else
    echo "Not checked: security advisories. Their database, on github.com, cannot be reached from here."
  fi
}

build() {
  build_tools && .tools/build.sh
}

server_clippy() {
  cargo clippy --release --locked --package vestibule --package vestibule-benches --features vestibule/ssr \
    --all-targets -- -D warnings
}

docs() {
  RUSTDOCFLAGS="-D warnings" cargo doc "${server[@]}" --no-deps --document-private-items
}

# Most of the time they wait: for deadlines, and for servers of their own.
unit_tests() {
  redis_server && cargo test "${server[@]}" -- --test-threads 8 | tee target/unit.log
}

end_to_end() {
  (cd end2end && npm ci) && front_proxies && system_browser && (cd end2end && npm test) | tee target/end2end.log
}

# Adds up the closing lines of cargo test and Playwright.
tally() {
  awk '/^test result:/ { passed += $4; failed += $6 }
       /^ +[0-9]+ (passed|flaky)/ { passed += $1 }
       END { printf "\n%d passed, %d failed\n", passed, failed }' target/unit.log target/end2end.log
}

mkdir -p target
steps 10
step "Look for Rust and Node.js" "" prerequisites
step "Format" "Run 'make fmt'." cargo fmt --all --check
step "Dependencies: licences, sources, bans" "The rules are in .deny.toml." dependencies
step "Clippy, server" "Each warning above names its remedy." server_clippy
step "Clippy, browser" "Each warning above names its remedy." cargo clippy "${browser[@]}" -- -D warnings
step "Documentation" "Each warning above names its remedy." docs
step "Unit and in-process tests" "Run one alone with 'cargo test --release --features ssr NAME'." unit_tests
step "Release build" "The compiler's message is above." build
step "Size of the first load" "Find what grew: 'twiggy top' on the .wasm file helps." node .tools/first-load.mjs
step "End-to-end tests" "Run one alone with 'cd end2end && npx playwright test -g NAME'." end_to_end
tally
