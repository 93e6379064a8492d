#!/bin/bash
# Stands in for a launcher of processes that knows no SIGUSR1: it would die of it and take its child
# along. It ends as its child does.
"$@" &
child=$!
trap 'kill -TERM "$child"' TERM
trap 'kill -KILL "$child" 2>/dev/null' EXIT
while kill -0 "$child" 2>/dev/null; do wait "$child"; done
wait "$child"
