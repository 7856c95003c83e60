#!/usr/bin/env bash
# Everything that must hold: formatting, lints, tests in Rust, in Node, in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."
export INSTA_UPDATE="${INSTA_UPDATE:-no}"

began=$SECONDS
times=()
step() { # what it is called, what is run
  local name=$1 from=$SECONDS
  shift
  echo "── $name"
  "$@"
  times+=("$(printf '%5d s  %s' $((SECONDS - from)) "$name")")
}

rust_tests() {
  if command -v cargo-nextest >/dev/null; then
    cargo nextest run --workspace --no-fail-fast --status-level fail --hide-progress-bar
  else
    cargo test --workspace --lib --bins --tests --no-fail-fast
  fi
}

step "工具与软件包" scripts/tools.sh test
step "格式" cargo fmt --all --check
step "网页资源" make -s web/node_modules/.all web
step "网页类型" npm --prefix web run -s check
step "Rust 检查" cargo clippy --workspace --lib --bins --quiet --keep-going -- -D warnings
# In tests a failed `unwrap` is a failed test, in their helpers too.
step "测试代码检查" cargo clippy --workspace --all-targets --quiet --keep-going -- -D warnings -A clippy::unwrap_used
export -f rust_tests
step "Rust 测试" scripts/with-postgres.sh bash -c rust_tests
step "文档示例" cargo test --workspace --doc --quiet
step "编译程序" cargo build -p suyuan --quiet
step "网页与浏览器测试" npm --prefix web run -s test

printf '%s\n' "── 用时" "${times[@]}" "$(printf '%5d s  合计' $((SECONDS - began)))"
