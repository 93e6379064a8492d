# --- end: nothing of the run survives it ----------------------------------------------------------

ASKED=     # the trainers were asked to save
SAVED=     # and have done so
FINISHING= # this attempt ends
REQUEUED=  # and Slurm was asked for another one

# Signals the processes of a role that catch the signal, on its nodes: a launcher that does not
# would die of it; so would a shell, which seems to catch all signals once it has something to do at
# its exit. Processes carry the run's marker in their environment.
# shellcheck disable=SC2016 # the nodes' own shells fill these in
readonly TELL='
while read -r file; do
  caught=$(sed -n "s/^SigCgt:[[:space:]]*//p" "${file%/environ}/status" 2>/dev/null)
  pid=${file#/proc/}
  case $(readlink "${file%/environ}/exe") in */bash | */dash | */sh | */busybox) continue ;; esac
  ((16#${caught:-0} >> ($3 - 1) & 1)) && kill -"$3" "${pid%/environ}"
done < <(grep -lzFx "R1SGG_RUN_TOKEN=$1" /proc/[0-9]*/environ 2>/dev/null |
  xargs -r grep -lzFx "R1SGG_RUN_ROLE=$2" 2>/dev/null)
exit 0
'
# shellcheck disable=SC2016
readonly SWEEP='
while read -r file; do
  pid=${file#/proc/}
  kill -KILL "${pid%/environ}" && echo "$SLURMD_NODENAME:${pid%/environ}"
done < <(grep -lzFx "R1SGG_RUN_TOKEN=$1" /proc/[0-9]*/environ 2>/dev/null)
exit 0
'

ask_to_save() {
  local role
  event "save asked"
  say "the time is nearly up, or Slurm takes nodes back: asking the tasks to save"
  for role in "${ROLES[@]}"; do
    [[ ${KIND[$role]} == task && ${STATE[$role]} == running ]] || continue
    everywhere 30 "$TELL" tell "$TOKEN" "$role" "${SAVE_SIGNAL[$role]}"
  done
}

any_alive() {
  local role
  for role in "${!PID[@]}"; do kill -0 "${PID[$role]}" 2>/dev/null && return; done
  return 1
}

# Waits for the next tick or a signal.
pause() {
  sleep "$TICK" &
  wait $!
}

# Ends all steps: they are asked, and killed after the grace time.
end_roles() {
  local since=$SECONDS one left
  if any_alive; then
    scancel --signal=TERM "$JOB_ID" 2>/dev/null
    while any_alive && ((SECONDS - since < GRACE)); do pause; done
  fi
  if any_alive; then
    say "roles do not end within $GRACE s and are killed"
    squeue --noheader --steps --jobs="$JOB_ID" --format=%i | while read -r one; do
      [[ $one =~ \.[0-9]+$ ]] && scancel --signal=KILL "$one"
    done
    while any_alive && ((SECONDS - since < GRACE + 30)); do pause; done
  fi
  left=$(everywhere 30 "$SWEEP" sweep "$TOKEN")
  [[ -z $left ]] || event "left behind" killed "$left"
}

keep_evidence() {
  local log
  mkdir -p "$HERE/evidence"
  for log in "$HERE"/logs/*.log; do
    [[ ! -e $log ]] || tail -n 100 "$log" >"$HERE/evidence/${log##*/}"
  done
}

# Ends the run, or this attempt of it, with a sentence.
finish() { # done|failed|saved CODE SENTENCE
  local state=$1 code=$2 reason=$3
  FINISHING=1
  say "$reason"
  event "ending" state "$state" reason "$reason"
  [[ $state != failed ]] || keep_evidence
  end_roles
  if [[ $state == saved ]] && ((RESTART >= MAX_REQUEUES)); then
    state=failed code=5
    reason="Cannot start again: this was start $((RESTART + 1)), expected at most $((MAX_REQUEUES + 1)) (resources.requeues of the recipe, slurm.max_requeues of the profile)"
    say "$reason"
  fi
  if [[ $state == saved ]]; then
    event "ended" state requeued reason "$reason"
    REQUEUED=1
    if scontrol requeue "$JOB_ID"; then
      while :; do pause; done # until Slurm ends this script
    fi
    state=failed code=5 reason="Cannot start again: scontrol requeue refuses, expected a job that may be requeued"
  fi
  event "ended" state "$state" code "$code" reason "$reason"
  exit "$code"
}

# Slurm ends the job: somebody cancelled it, its time is up, or another one takes its place. The
# steps are being ended by Slurm, and new ones cannot be started.
stopped() {
  [[ -z $REQUEUED ]] || exit 75
  [[ -z $FINISHING ]] || return
  FINISHING=1
  event "ended" state stopped reason "Slurm asked the job to end"
  say "Slurm asked the job to end"
  local since=$SECONDS
  while any_alive && ((SECONDS - since < GRACE)); do pause; done
  exit 143
}

