#!/usr/bin/env bash
# A dataset by a Slurm array, a shard a task: sbatch --export=ALL,RECIPE=countdown,OUT=/shared/countdown jobs/slurm.sh
# OUT is a folder that all nodes share. A task that is run again makes only what is missing; the last one writes manifest and card.
#SBATCH --job-name=sos
#SBATCH --array=0-63
#SBATCH --cpus-per-task=4
#SBATCH --requeue
set -euo pipefail

# Array ids need not start at 0 or be one apart.
index=$(((SLURM_ARRAY_TASK_ID - ${SLURM_ARRAY_TASK_MIN:-0}) / ${SLURM_ARRAY_TASK_STEP:-1}))
exec sos generate "$RECIPE" --out "$OUT" --shard-index "$index" --num-shards "$SLURM_ARRAY_TASK_COUNT" \
    --threads "${SLURM_CPUS_PER_TASK:-1}"
