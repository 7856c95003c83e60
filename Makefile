# 溯园 Suyuan. `make demo` shows it, `make test` proves it; see CONTRIBUTING.md.
SHELL := /bin/bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
DATA ?= data
LISTEN ?= 127.0.0.1:8420

.PHONY: help demo test web dev bench soak oracles screenshots clean-demo

help:
	@echo 'make demo         编译、建示例数据、启动；再次运行只需几秒，数据保留'
	@echo 'make test         全部测试：Rust、网页、浏览器'
	@echo 'make web          网页资源（TypeScript、CSS）'
	@echo 'make dev          开发：改动网页资源后自动重建'
	@echo 'make bench        性能测量（先核对结果）'
	@echo 'make soak         长时间测试，手动运行'
	@echo 'make oracles      用独立软件重新生成对照表（需要网络）'
	@echo 'make screenshots  从示例数据生成 README 的截图'

demo:
	@scripts/demo.sh '$(DATA)' '$(LISTEN)'

test:
	@scripts/test.sh

# What bundling needs, or what the tests need too; `npm ci` takes the committed versions only.
web/node_modules/.runtime: web/package.json web/package-lock.json
	@if [ -e web/node_modules/.all ]; then cd web && npm ci; touch node_modules/.all; else cd web && npm ci --omit=dev; fi
	@touch $@
web/node_modules/.all: web/package.json web/package-lock.json
	@cd web && npm ci && touch node_modules/.runtime node_modules/.all

web/dist/suyuan.js: web/node_modules/.runtime web/build.mjs $(wildcard web/src/*)
	@cd web && node build.mjs

web: web/dist/suyuan.js

dev: web
	@scripts/dev.sh '$(DATA)' '$(LISTEN)'

bench: web
	@cargo build --release -p suyuan
	@for name in $$(sed -n 's/^ *"\([a-z0-9_]*\)" =>.*/\1/p' app/suyuan/src/bench/mod.rs); do \
	  echo "== $$name"; '$(TARGET)/release/suyuan' bench $$name || exit 1; done

# Every property a hundred times as often as usual, in release; CASES says how often, KILLS how often the gateway is killed.
soak:
	@SUYUAN_SOAK=$(or $(KILLS),100) PROPTEST_CASES=$(or $(CASES),25600) scripts/with-postgres.sh cargo test --release --workspace

oracles:
	@scripts/oracles.sh

screenshots: web/node_modules/.all web
	@cargo build --release -p suyuan
	@SUYUAN='$(TARGET)/release/suyuan' node scripts/screenshots.mjs

clean-demo:
	rm -rf '$(DATA)'
