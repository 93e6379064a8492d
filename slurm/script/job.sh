# --- job: one attempt, from the first look to the end --------------------------------------------

# Starts what may start, looks after what runs; returns only by `finish`.
attend() {
  local role tasks running
  for role in "${ROLES[@]}"; do STATE[$role]=waiting; done
  while :; do
    tasks=0 running=0
    for role in "${ROLES[@]}"; do
      case ${STATE[$role]} in
        waiting) [[ -z $ASKED ]] && may_start "$role" && start_role "$role" ;;
        starting | running)
          check_exit "$role"
          [[ ${STATE[$role]} != starting ]] || wait_for_ready "$role"
          [[ ${STATE[$role]} != running ]] || check_heartbeat "$role"
          ;;
      esac
      [[ ${KIND[$role]} == service || ${STATE[$role]} == ended ]] ||
        [[ -n $SAVED && ${STATE[$role]} == waiting ]] || ((tasks += 1))
      [[ ${KIND[$role]} == task && ${STATE[$role]} == running ]] && ((running += 1))
    done
    if ((tasks == 0)); then
      [[ -z $SAVED ]] || finish saved 75 "the run saved itself and starts again"
      finish 'done' 0 "the run is done"
    fi
    [[ -z $ASKED ]] || ((running > 0)) ||
      finish saved 75 "the time is nearly up before its tasks could start: the run starts again"
    if [[ $ASKED == now ]]; then
      ASKED=yes
      ask_to_save
    fi
    pause
  done
}

cd "$RUN" 2>/dev/null || {
  say "Cannot use run folder \"$RUN\": $(hostname) does not see it, expected a folder that all nodes share"
  exit 4
}
# A task of a job array is given its own number: SLURM_JOB_ID of one of them is the whole array's.
readonly JOB_ID=${1:-$SLURM_JOB_ID}
# A run may go on in another job, whose own count begins anew.
readonly RESTART=${SLURM_RESTART_COUNT:-0}
mkdir -p attempts
ATTEMPT=0
until mkdir "attempts/$ATTEMPT" 2>/dev/null; do
  [[ -e attempts/$ATTEMPT ]] || {
    say "Cannot write in \"$RUN\", expected a folder with room that we may write to"
    exit 4
  }
  ((ATTEMPT += 1))
done
readonly ATTEMPT HERE=attempts/$ATTEMPT TOKEN=$SLURM_JOB_ID.$ATTEMPT
mkdir "$HERE"/{logs,exits}
ln -sfn "$ATTEMPT" attempts/latest
ln -sfn attempts/latest/logs logs
trap 'ASKED=${ASKED:-now}' USR1
trap stopped TERM

find_hosts
printf '%s\n' "${HOSTS[@]}" >"$HERE/hosts"
say "attempt $ATTEMPT of run $RUN_ID, job $JOB_ID, on ${HOSTS[*]}"
event "attempt started" job "$JOB_ID" hosts "${HOSTS[*]}"
((RESTART <= MAX_REQUEUES)) ||
  finish failed 5 "Cannot start again: this is start $((RESTART + 1)), expected at most $((MAX_REQUEUES + 1)) (resources.requeues of the recipe, slurm.max_requeues of the profile)"
((${#HOSTS[@]} == NODES)) ||
  finish failed 4 "Cannot use the job's nodes ${HOSTS[*]}: there are ${#HOSTS[@]}, expected $NODES"
look_around
pick_ports
read_places "$HERE"
read_words artifacts/endpoints
if ((${#WORDS[@]} > 0)); then
  printf '%s' "${WORDS[@]}" >.endpoints.json
  mv .endpoints.json endpoints.json
fi
attend
