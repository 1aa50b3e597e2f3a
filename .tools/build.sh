#!/usr/bin/env bash
# Release build of server and browser code into target/. Does nothing when nothing has changed since the last one.
set -euo pipefail
# shellcheck source=.tools/steps.sh
. "$(dirname "$0")/steps.sh"

STAMP=target/release/.vestibule-built

up_to_date() {
  [ -x target/release/vestibule ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$(rustc --version)" ] &&
    [ -z "$(find .cargo Cargo.toml Cargo.lock src style public -newer "$STAMP" | head -n 1)" ]
}

if up_to_date; then
  echo "Nothing has changed since the last build."
  exit
fi
rm -f "$STAMP"
mkdir -p target/release
# Dated from before the build, so that a file saved meanwhile counts as changed.
rustc --version >"$STAMP.new"
cargo leptos build --release --precompress --cargo-locked
mv "$STAMP.new" "$STAMP"
