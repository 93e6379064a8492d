# --- nodes: who they are, whether they see the run folder, which ports are free ------------------

declare -A GROUP=() TAKEN=()

# Sets HOSTS in the order of the plan's nodes, and of a heterogeneous job the component of each.
find_hosts() {
  local group list host
  if [[ -z ${SLURM_HET_SIZE:-} ]]; then
    mapfile -t HOSTS < <(scontrol show hostnames "$SLURM_JOB_NODELIST")
    return
  fi
  for ((group = 0; group < SLURM_HET_SIZE; group++)); do
    list=SLURM_JOB_NODELIST_HET_GROUP_$group
    while read -r host; do
      HOSTS+=("$host")
      GROUP[$host]=$group
    done < <(scontrol show hostnames "${!list}")
  done
}

# Runs a command once on each of some hosts, beside whatever else the job runs there. A step gets all
# CPUs, memory and GPUs of its nodes, shared: which GPUs a role uses, CUDA_VISIBLE_DEVICES says.
# The list of hosts is joined by commas: with blanks srun would take the second for the command.
step() { # HOST,HOST... [SRUN-OPTION]... COMMAND...
  local hosts=$1 commas count first
  shift
  commas=${hosts//[^,]/}
  count=$((${#commas} + 1))
  first=${hosts%%,*}
  srun ${GROUP[$first]:+"--het-group=${GROUP[$first]}"} --nodelist="$hosts" --nodes="$count" \
    --ntasks="$count" --ntasks-per-node=1 --overlap --cpus-per-task="$CPUS" --cpu-bind=none --mem=0 \
    ${GPUS:+"--gpus-per-node=$GPUS"} --mpi=none --export=ALL --chdir=/ --input=none \
    --kill-on-bad-exit=1 --wait=0 "$@"
}

join() { # WORD...: prints them joined by commas
  local IFS=,
  printf '%s' "$*"
}

# Hosts of one step each: all in one, or a list for each component.
host_lists() {
  local group host
  local -a members
  if ((${#GROUP[@]} == 0)); then
    join "${HOSTS[@]}"
    return
  fi
  for ((group = 0; group < SLURM_HET_SIZE; group++)); do
    members=()
    for host in "${HOSTS[@]}"; do [[ ${GROUP[$host]} == "$group" ]] && members+=("$host"); done
    join "${members[@]}"
    echo
  done
}

# Runs a script on every node of the job, at most for some seconds; prints what all say.
everywhere() { # SECONDS SCRIPT ARGUMENT...
  local limit=$1 hosts
  shift
  while read -r hosts || [[ -n $hosts ]]; do
    step "$hosts" --quiet timeout "$limit" bash -c "$@" 2>/dev/null </dev/null
  done < <(host_lists)
}

# shellcheck disable=SC2016 # the nodes' own shells fill these in
readonly LOOK='
until [[ $(cat "$1" 2>/dev/null) == "$2" ]]; do
  if ((SECONDS >= $3)); then
    echo "$SLURMD_NODENAME blind"
    exit 0
  fi
  sleep 1
done
mkdir -p -- "${@:4}"
taken=
while read -r _ address _ state _; do
  [[ $state == 0A ]] && taken+=" $((16#${address##*:}))"
done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
echo "$SLURMD_NODENAME sees$taken"
'

# Lets every node read what this one just wrote, make its cache folders, and tell which ports programs
# listen on there.
look_around() {
  local nonce="$SLURM_JOB_ID.$ATTEMPT.$RANDOM$RANDOM" host answer port
  local -A answers=()
  local -a blind=()
  printf '%s\n' "$nonce" >"$HERE/canary"
  while read -r host answer; do
    answers[$host]=$answer
    [[ $answer == sees* ]] || continue
    for port in ${answer#sees}; do TAKEN[$port]=$host; done
  done < <(everywhere $((CANARY_SECONDS + 30)) "$LOOK" look "$RUN/$HERE/canary" "$nonce" "$CANARY_SECONDS" "${CACHES[@]}")
  for host in "${HOSTS[@]}"; do
    [[ ${answers[$host]:-} == sees* ]] || blind+=("$host")
  done
  ((${#blind[@]} == 0)) && return
  finish failed 4 "Cannot use node(s) ${blind[*]}: they do not see what ${HOSTS[0]} writes in \"$RUN\" within $CANARY_SECONDS s, expected a folder that all nodes share"
}

# Gives each port of the plan a number: a block of the range by job id and restart, the next one
# where a program already listens on any node.
pick_ports() {
  local count=${#PORT_NAMES[@]} slots slot base try i
  : >"$HERE/ports"
  ((count > 0)) || return 0
  slots=$(((LAST_PORT - FIRST_PORT + 1) / count))
  for ((try = 0; try < slots; try++)); do
    slot=$(((SLURM_JOB_ID * 7 + RESTART + try) % slots))
    base=$((FIRST_PORT + slot * count))
    for ((i = 0; i < count; i++)); do
      [[ -n ${TAKEN[$((base + i))]:-} ]] || continue
      event "port taken" port $((base + i)) host "${TAKEN[$((base + i))]}"
      continue 2
    done
    for ((i = 0; i < count; i++)); do echo "${PORT_NAMES[i]} $((base + i))"; done >"$HERE/ports"
    return
  done
  finish failed 4 "Cannot pick $count ports: all from $FIRST_PORT to $LAST_PORT are taken, expected $count free ones in a row"
}

