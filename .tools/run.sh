#!/usr/bin/env bash
# run.sh serve|build|watch: installs what is missing; then builds and serves the release, or only builds it, or serves
# a development build that follows the source.
set -euo pipefail
# shellcheck source=.tools/steps.sh
. "$(dirname "$0")/steps.sh"
# shellcheck source=.tools/tools.sh
. .tools/tools.sh

address=${LEPTOS_SITE_ADDR:-$(sed -n 's/^site-addr *= *"\(.*\)"/\1/p' Leptos.toml)}

address_is_free() {
  ! (exec 3<>"/dev/tcp/${address%:*}/${address##*:}") 2>/dev/null
}

look_for_a_free_port() {
  step "Look for a free port" "Something listens on $address: stop it, or put LEPTOS_SITE_ADDR=127.0.0.1:3010 before the command." \
    address_is_free
}

install() {
  step "Look for Rust and Node.js" "" prerequisites
  step "Install the build tools" "" build_tools
}

build() {
  step "Build the release (the first time takes minutes)" "The compiler's message is above." .tools/build.sh
}

case $1 in
  build) steps 3 && install && build ;;
  serve) steps 4 && look_for_a_free_port && install && build && exec target/release/vestibule ;;
  watch) steps 3 && look_for_a_free_port && install && exec cargo leptos watch ;;
esac
