#!/usr/bin/env bash
# Builds Suyuan, makes the sample zones if they are not there, and serves them on loopback.
#   demo.sh DATA LISTEN
set -euo pipefail
cd "$(dirname "$0")/.."
data=$1
listen=$2
target=${CARGO_TARGET_DIR:-target}

scripts/tools.sh build
if [ ! -x "$target/release/suyuan" ]; then
  echo "第一次运行要下载并编译（几分钟）："
  echo "  · Rust 依赖，按 Cargo.lock，由 cargo 下载到它自己的缓存"
  echo "  · npm 包 esbuild 与 htmx，按 web/package-lock.json，装在 web/node_modules"
  echo "  · 编译结果在 $target，示例数据在 $data；除此之外不改动本机"
fi
make -s web
cargo build --release --locked -p suyuan
if [ ! -e "$data" ]; then
  echo "建示例数据：先生成工作簿，再像平常那样导入 …"
  # A run that was broken off leaves no half-made data behind.
  rm -rf "$data.new"
  "$target/release/suyuan" demo --data "$data.new"
  mv "$data.new" "$data"
fi
exec "$target/release/suyuan" serve --data "$data" --listen "$listen"
