#!/usr/bin/env bash
# Makes the tables that tests compare with, by independent Python packages. By
# hand, with network; the tables are committed, the packages are not. Each
# script names its packages on a line `pip install NAME==VERSION …`.
#   oracles.sh [NAME …]
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
scripts=()
if [ $# -gt 0 ]; then for name in "$@"; do scripts+=("scripts/oracles/$name.py"); done; else scripts=(scripts/oracles/*.py); fi
for script in "${scripts[@]}"; do
  name=$(basename "$script" .py)
  echo "== $name"
  room="$target/oracles/$name"
  [ -x "$room/bin/python" ] || python3 -m venv "$room"
  packages=$(sed -n 's/^ *pip install //p' "$script" | head -n 1)
  # shellcheck disable=SC2086
  [ -z "$packages" ] || "$room/bin/pip" install --quiet $packages
  "$room/bin/python" "$script"
done
git status --short -- engines zone app definitions
