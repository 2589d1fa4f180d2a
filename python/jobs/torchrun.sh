#!/usr/bin/env bash
# The command of a process that knows its RANK and the WORLD_SIZE, a shard a process.
set -euo pipefail

exec sos generate "$RECIPE" --out "$OUT" --shard-index "$RANK" --num-shards "$WORLD_SIZE" --threads "${THREADS:-1}"
