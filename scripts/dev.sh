#!/usr/bin/env bash
# Serves a debug build, which reads the bundles from web/dist; they are rebuilt when their sources change.
#   dev.sh DATA LISTEN
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build -p suyuan
target=${CARGO_TARGET_DIR:-target}
[ -e "$1" ] || { "$target/debug/suyuan" demo --data "$1.new" && mv "$1.new" "$1"; }
(cd web && exec node build.mjs --watch) &
watcher=$!
trap 'kill $watcher 2>/dev/null || true' EXIT
"$target/debug/suyuan" serve --data "$1" --listen "$2"
