#!/bin/bash
# Stands in for torch.distributed.run: it knows no SIGUSR1 and would die of it, and it answers 1
# whatever its child ends with. Its child does not outlive it.
"$@" &
child=$!
trap 'kill -TERM "$child"' TERM
trap 'kill -KILL "$child" 2>/dev/null' EXIT
until ! kill -0 "$child" 2>/dev/null; do wait "$child"; done
wait "$child" || exit 1
