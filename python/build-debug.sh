#!/usr/bin/env bash
# Builds the native module without optimisation and puts it into the package, for work on the package itself.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/../target}"
cargo build --quiet
# A new file in its place: a process that has the old one open goes on with it.
cp "$CARGO_TARGET_DIR/debug/lib_core.so" stream_of_search/_core.tmp
mv stream_of_search/_core.tmp stream_of_search/_core.abi3.so
