# --- say: what happened, for people (slurm.log) and for programs (events.jsonl) ------------------

say() { # WORDS...
  printf '%s r1sgg: %s\n' "$(date -u +%FT%TZ)" "$*"
}

to_json() { # TEXT or a whole number
  local text=$1
  if [[ $text =~ ^(0|[1-9][0-9]{0,14})$ ]]; then
    printf '%s' "$text"
    return
  fi
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}

event() { # NAME [KEY VALUE]...
  local line
  line="{\"time\":\"$(date -u +%FT%T.%3NZ)\",\"event\":$(to_json "$1"),\"attempt\":$ATTEMPT"
  shift
  while (($# > 1)); do
    line+=",\"$1\":$(to_json "$2")"
    shift 2
  done
  printf '%s}\n' "$line" >>events.jsonl
}

