# --- words: what the plan left to the start ----------------------------------------------------
# NAME.argv holds the words of a command, each ended by NUL; NAME.kinds says of each, a line for one,
# what it is. Words are copied, never evaluated:
#   text     itself                              port     number of the port of this name
#   host     name of the node of this index      node     index of the node that asks
#   url N    base URL of the port of this name on node N

declare -a HOSTS=() WORDS=()
declare -A PORTS=()
NODE=0

# Takes hosts and ports from the folder of an attempt: sets HOSTS, PORTS.
read_places() { # FOLDER
  local name port
  mapfile -t HOSTS <"$1/hosts" || return
  while read -r name port; do PORTS[$name]=$port; done <"$1/ports"
}

# Sets WORDS to the words of FILE.argv, with all that is known now.
read_words() { # FILE
  local -a words=() kinds=()
  local i kind
  mapfile -d '' -t words <"$1.argv" || return
  mapfile -t kinds <"$1.kinds" || return
  WORDS=()
  for i in "${!words[@]}"; do
    kind=${kinds[i]}
    case $kind in
      text) WORDS+=("${words[i]}") ;;
      port) WORDS+=("${PORTS[${words[i]}]}") ;;
      host) WORDS+=("${HOSTS[${words[i]}]}") ;;
      node) WORDS+=("$NODE") ;;
      'url '*) WORDS+=("http://${HOSTS[${kind#url }]}:${PORTS[${words[i]}]}") ;;
      *) return 1 ;;
    esac
  done
}

