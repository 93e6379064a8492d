# --- role: one program of the run on one node -------------------------------------------------------
# usage: role.sh ROLE ATTEMPT TOKEN FIRST-NODE
# Its exit code stands in attempts/N/exits; towards srun it succeeds, for srun kills all other tasks
# of a step at once when one fails, and a checkpoint may be under way there.

readonly ROLE=$1 ATTEMPT=$2 TOKEN=$3 FIRST=$4
cd "$RUN" || exit 4
readonly HERE=attempts/$ATTEMPT
read_places "$HERE" || exit 4
for NODE in "${!HOSTS[@]}"; do [[ ${HOSTS[NODE]} == "$SLURMD_NODENAME" ]] && break; done
log=$HERE/logs/$ROLE.log
((NODE == FIRST)) || log=$HERE/logs/$ROLE.node$NODE.log
exec >>"$log" 2>&1 </dev/null
printf -- '--- %s r1sgg starts %s on %s (attempt %s)\n' \
  "$(date -u +%FT%TZ)" "$ROLE" "$SLURMD_NODENAME" "$ATTEMPT"

# The plan counts a node's GPUs from 0; which ones the job has there, Slurm says.
choose_gpus() {
  local number
  local -a given=() chosen=()
  IFS=, read -r -a given <<<"${CUDA_VISIBLE_DEVICES:-}"
  while read -r number; do chosen+=("${given[number]:-$number}"); done <"artifacts/roles/$ROLE.gpus"
  local IFS=,
  FOUND+=("CUDA_VISIBLE_DEVICES=${chosen[*]}")
}

# Takes what must not stand in the artifacts.
read_secrets() {
  local pair
  [[ ! -e secrets/env ]] || mapfile -d '' -t -O "${#FOUND[@]}" FOUND <secrets/env
  while IFS= read -r -d '' pair; do
    FOUND+=("${pair%%=*}=$(<"${pair#*=}")") || return
  done <"artifacts/roles/$ROLE.secrets"
}

# Becomes the role's program.
become() {
  local pair passed
  passed=$(<"artifacts/roles/$ROLE.passed")
  trap - USR1 TERM
  for pair in "${PAIRS[@]}"; do export "${pair?}"; done
  for pair in "${FOUND[@]}"; do
    export "${pair?}"
    # A runtime that starts with a clean environment takes variables by other names.
    [[ -z $passed ]] || export "$passed${pair?}"
  done
  exec -- "${PREFIX[@]}" "${WORDS[@]}"
}

# Notes the versions in the role's own container, once; a run goes on without them.
note_facts() {
  local -a WORDS=()
  [[ $NODE == "$FIRST" && -e artifacts/roles/$ROLE.facts ]] || return 0
  mapfile -d '' -t WORDS <"artifacts/roles/$ROLE.facts"
  PREFIX=(timeout -k 5 120 "${PREFIX[@]}")
  if (become) >.facts.json; then
    mv .facts.json facts.json
  else
    echo "--- facts.json has no versions: ${WORDS[0]} failed"
  fi
  clean_containers
}

start() {
  (note_facts)
  become
}

# The role's processes on this node, also those that left its process tree.
members() {
  grep -lzFx "R1SGG_RUN_TOKEN=$TOKEN" /proc/[0-9]*/environ 2>/dev/null |
    xargs -r grep -lzFx "R1SGG_RUN_ROLE=$ROLE" 2>/dev/null | grep -o '[0-9]*'
}

signal_members() { # SIGNAL
  local pid
  members | while read -r pid; do kill -"$1" "$pid" 2>/dev/null; done
}

# Ends what outlives a step: containers are not among its processes.
clean_containers() {
  local word
  local -a command=()
  while IFS= read -r -d '' word; do
    if [[ -n $word ]]; then
      command+=("$word")
    else
      "${command[@]}" >/dev/null 2>&1
      command=()
    fi
  done <"artifacts/roles/$ROLE.cleanup"
}

clean_up() {
  local try
  clean_containers
  for ((try = 0; try < 10; try++)); do
    [[ -n $(members) ]] || return 0
    ((try == 0)) && signal_members TERM
    sleep 0.2
  done
  signal_members KILL
}

# Lines of the site's profile: they put the container's program on PATH, also for its end.
# shellcheck source=/dev/null
. artifacts/slurm/setup.sh
declare -a PREFIX=() PAIRS=() FOUND=()
mapfile -d '' -t PREFIX <"artifacts/roles/$ROLE.prefix"
mapfile -d '' -t PAIRS <"artifacts/roles/$ROLE.env"
FOUND=("R1SGG_RUN_TOKEN=$TOKEN" "R1SGG_RUN_ROLE=$ROLE" "R1SGG_ATTEMPT=$ATTEMPT")
choose_gpus
read_secrets && read_words "artifacts/roles/$ROLE" || exit 4
clean_containers # of a start that could not do it

asked=
# Slurm signals every process of the step: the role has heard it too.
trap 'asked=${asked:-$SECONDS}' TERM
trap '' USR1
start &
child=$!
while kill -0 "$child" 2>/dev/null; do
  sleep "$TICK" &
  sleeper=$!
  wait "$sleeper"
  kill "$sleeper" 2>/dev/null
  # A node that Slurm gave up may live on beside the next attempt: it must not write there.
  if [[ $(readlink attempts/latest) != "$ATTEMPT" && -z $asked ]]; then
    echo "--- the run goes on elsewhere: attempt $ATTEMPT ends"
    asked=$SECONDS
    signal_members TERM
  fi
  [[ -z $asked ]] || ((SECONDS - asked < GRACE)) || signal_members KILL
done
code=0
wait "$child" || code=$?
clean_up
printf '%s %s\n' "$code" "$SLURMD_NODENAME" >"$HERE/exits/.$ROLE.$NODE" &&
  mv "$HERE/exits/.$ROLE.$NODE" "$HERE/exits/$ROLE.$NODE" || exit "$code"
exit 0
