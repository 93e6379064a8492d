#!/bin/bash
# Stands in for torch.distributed.run: it knows no SIGUSR1 and would die of it, and it answers 1
# whatever its child ends with.
"$@" &
child=$!
trap 'kill -TERM "$child"' TERM
until ! kill -0 "$child" 2>/dev/null; do wait "$child"; done
wait "$child" || exit 1
