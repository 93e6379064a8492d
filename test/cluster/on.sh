#!/bin/bash
# Runs a command on a host of a virtual cluster, in this folder.
# usage: on.sh STATE HOST COMMAND...
set -euo pipefail
state=$1 host=$2
shift 2
# Jobs inherit PATH: they must meet Slurm's own commands.
export SLURM_CONF=$state/etc/slurm.conf PATH=${PATH//"$state/bin:"/}
exec nsenter -t "$(cat "$state/outer")" -m -n -p -- \
  nsenter -t "$(cat "$state/hosts/$host")" -m -u -i -n -p --wd="$PWD" -- "$@"
