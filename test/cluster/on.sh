#!/bin/bash
# Runs a command on a host of a virtual cluster, in this folder.
# usage: on.sh STATE HOST COMMAND...
set -euo pipefail
state=$1 host=$2
shift 2
export SLURM_CONF=$state/etc/slurm.conf
exec nsenter -t "$(cat "$state/outer")" -m -n -p -- \
  nsenter -t "$(cat "$state/hosts/$host")" -m -u -i -n -p --wd="$PWD" -- "$@"
