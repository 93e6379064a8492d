# --- roles: their start, readiness, heartbeat and end --------------------------------------------

declare -A STATE=() PID=() SINCE=()

hosts_of() { # ROLE: prints them joined by commas
  local node
  local -a hosts=()
  for node in ${NODES_OF[$1]}; do hosts+=("${HOSTS[node]}"); done
  join "${hosts[@]}"
}

# waiting -> starting (a service, until it is ready) -> running -> ended
start_role() { # ROLE
  local role=$1 hosts
  local -a options=()
  hosts=$(hosts_of "$role")
  mapfile -d '' -t options <"artifacts/roles/$role.srun"
  event "role started" role "$role" hosts "$hosts"
  step "$hosts" --job-name="$role" "${options[@]}" \
    bash "$RUN/artifacts/slurm/role.sh" "$role" "$ATTEMPT" "$TOKEN" "${NODES_OF[$role]%% *}" \
    >>"$HERE/logs/srun.log" 2>&1 </dev/null &
  PID[$role]=$!
  SINCE[$role]=$SECONDS
  STATE[$role]=running
  [[ -z ${READY_PORT[$role]:-} ]] || STATE[$role]=starting
}

# Once the services before it are ready and the tasks done; not after a task that has saved itself only.
may_start() { # ROLE
  local other
  [[ -z $SAVED ]] || return
  for other in ${AFTER[$1]}; do
    [[ ${KIND[$other]}:${STATE[$other]} == @(service:running|task:ended) ]] || return
  done
}

# Whether GET answers 200 on every node of the role.
is_ready() { # ROLE
  local node
  for node in ${NODES_OF[$1]}; do
    # shellcheck disable=SC2016 # the inner shell fills these in
    timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2" &&
      printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$1" >&3 &&
      read -r _ status _ <&3 && [[ $status == 200 ]]' \
      ready "${HOSTS[node]}" "${PORTS[${READY_PORT[$1]}]}" "${READY_PATH[$1]}" 2>/dev/null || return
  done
}

wait_for_ready() { # ROLE
  local role=$1
  if is_ready "$role"; then
    STATE[$role]=running
    event "role ready" role "$role" seconds $((SECONDS - SINCE[$role]))
  elif ((SECONDS - SINCE[$role] > READY_SECONDS[$role])); then
    finish failed 4 "Cannot use \"$role\": it does not answer ${READY_PATH[$role]} with 200, expected it ready within ${READY_SECONDS[$role]} s"
  fi
}

# Looks whether a role has ended, on any of its nodes, and what follows from it.
check_exit() { # ROLE
  local role=$1 file code host saved=
  for file in "$HERE/exits/$role".*; do
    [[ -e $file ]] || continue
    read -r code host <"$file"
    if is_saved "$role" "$code"; then
      saved=1
    elif ((code != 0)) || [[ ${KIND[$role]} == service ]]; then
      role_failed "$role" "$code" "$host"
    fi
  done
  kill -0 "${PID[$role]}" 2>/dev/null && return
  code=0
  wait "${PID[$role]}" || code=$?
  ((code == 0)) || role_failed "$role" "$code" "$(hosts_of "$role")"
  STATE[$role]=ended
  event "role ended" role "$role"
  [[ -z $saved ]] || SAVED=1
}

# 75 says: I saved, start me again. Programs that know nothing of it end by the signal.
is_saved() { # ROLE CODE
  [[ ${KIND[$1]} == task ]] || return
  (($2 == 75)) || { [[ -n $ASKED ]] && (($2 == 130 || $2 == 143)); }
}

role_failed() { # ROLE CODE HOST
  local role=$1 code=$2 host=$3 how="ended with exit code $2" expected="exit code 0"
  local status=5
  if ((code > 128)); then
    how="was killed by signal $((code - 128))"
    status=4
  fi
  if [[ ${KIND[$role]} == service ]]; then
    expected="it to serve until the run ends"
    status=4
  fi
  event "role ended" role "$role" code "$code" host "$host"
  finish failed "$status" "Cannot go on without role \"$role\": it $how on $host, expected $expected"
}

# A file that grows while its role works must not stand still. It need not be there at the start.
check_heartbeat() { # ROLE
  local role=$1 file=${HEARTBEAT[$1]:-} still
  [[ -n $file ]] || return 0
  still=$((SECONDS - SINCE[$role]))
  if [[ -e $file ]]; then
    local age=$(($(date +%s) - $(stat -c %Y "$file")))
    ((age < still)) && still=$age
  fi
  ((still <= STALL[$role])) && return
  finish failed 5 "Cannot go on with role \"$role\": \"$file\" stands still for $still s, expected it to grow within ${STALL[$role]} s; the last words of all roles are in \"$HERE/evidence\""
}

