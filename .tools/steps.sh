# shellcheck shell=bash
# Sourced by the scripts beside it: where tools are found, numbered steps, and how a failure is told.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# Tools that this project installs for itself, shared by every checkout of one person.
TOOLS="${XDG_CACHE_HOME:-$HOME/.cache}/vestibule"
CARGO_BIN="${CARGO_HOME:-$HOME/.cargo}/bin"
export PATH="$TOOLS/bin:$TOOLS/deny/bin:$TOOLS/node_modules/.bin:$PATH:$CARGO_BIN"
# The build writes to ./target, whatever the caller's habits: the server is started from there.
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET

step_number=0
step_count=0

# steps N: how many steps are to come.
steps() {
  step_count=$1
}

# fail SENTENCE: says what is wrong and what to do about it, and stops.
fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

# step TITLE REMEDY COMMAND...: runs the command as the next step and times it.
step() {
  local title=$1 remedy=$2 began=$SECONDS
  shift 2
  step_number=$((step_number + 1))
  printf '\n[%d/%d] %s\n' "$step_number" "$step_count" "$title"
  "$@" || fail "Step $step_number, \"$title\", failed after $((SECONDS - began)) s. $remedy"
  printf '%s: %d s\n' "$title" $((SECONDS - began))
}
