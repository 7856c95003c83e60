#!/usr/bin/env bash
# Looks for what building and testing need, and says what is missing.
#   tools.sh build    Rust and Node, new enough
#   tools.sh test     also the programs that tests run; root gets them from Debian's packages
set -euo pipefail

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
bad=0
check() { # name, version wanted, version found, how to get it
  if [ -z "$3" ]; then echo "缺少 $1（需要 ≥ $2）：$4" >&2; bad=1
  elif ! at_least "$2" "$3"; then echo "$1 $3 太旧，需要 ≥ $2：$4" >&2; bad=1
  fi
}
check Rust 1.94 "$(rustc --version 2>/dev/null | awk '{print $2}')" "见 https://rustup.rs"
check Node 18.19 "$(node --version 2>/dev/null | tr -d v)" "见 https://nodejs.org"
command -v npm >/dev/null || { echo "缺少 npm（随 Node 安装）" >&2; bad=1; }
command -v cc >/dev/null || { echo "缺少 C 编译器（SQLite 要用）：Debian 上 apt-get install build-essential" >&2; bad=1; }
[ "$bad" = 0 ] || exit 1
[ "${1:-build}" = test ] || exit 0

missing=()
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v soffice >/dev/null || missing+=(libreoffice-writer libreoffice-calc)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
[ -n "$(fc-list :lang=zh file 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql-15)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "测试还需要：${missing[*]}。现在用 apt-get 安装（Debian 软件包）。"
  # Only the server's programs are wanted, no cluster that starts with the machine.
  if [[ " ${missing[*]} " == *postgresql* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  fi
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "测试还需要：${missing[*]}。" >&2
  echo "Debian 上请管理员运行：apt-get install --no-install-recommends ${missing[*]}" >&2
  # PostgreSQL's tests are left out without it; everything else is needed.
  [ "${missing[*]}" = postgresql-15 ] || exit 1
fi
