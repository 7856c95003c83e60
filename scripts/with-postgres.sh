#!/usr/bin/env bash
# Runs a command with SUYUAN_TEST_PG set to a throw-away PostgreSQL server on a
# unix socket; without PostgreSQL's server programs the command runs without it.
# PostgreSQL refuses to run as root, so root starts it as nobody.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  [ "${SUYUAN_REQUIRE_PG:-}" = 1 ] && { echo "没有找到 PostgreSQL 服务端程序（Debian: apt-get install postgresql-15）" >&2; exit 1; }
  exec "$@"
fi
base=$(mktemp -d /tmp/suyuan-pg.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then chown nobody "$base"; as=(setpriv --reuid=nobody --regid=nogroup --clear-groups); fi
cleanup() { "${as[@]}" "$bin/pg_ctl" -D "$base/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$base"; }
trap cleanup EXIT
(cd "$base" && "${as[@]}" "$bin/initdb" -D "$base/data" -U suyuan -A trust -E UTF8 --locale=C >"$base/initdb.log" 2>&1) || { cat "$base/initdb.log" >&2; exit 1; }
(cd "$base" && "${as[@]}" "$bin/pg_ctl" -D "$base/data" -w -l "$base/log" -o "-k $base -c listen_addresses='' -c fsync=off -c max_connections=200" start >/dev/null)
export SUYUAN_TEST_PG="postgres://suyuan@localhost/postgres?host=$base"
"$@"
