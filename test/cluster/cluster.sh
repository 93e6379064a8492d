#!/bin/bash
# A real Slurm of ten hosts on one machine: `login` with slurmctld, a1-a5 with four "A100" each,
# g1-g4 with four "GH200" each. A host is a set of namespaces (network, host name, processes, IPC,
# mounts) whose first process takes all others with it; the hosts share one bridge, without a way out.
#
# usage: unshare --mount --net --pid --fork --kill-child --mount-proc bash cluster.sh STATE <commands
#
# It says "up" when all nodes take jobs. Then it reads commands, a line each, and answers "ok":
#   kill HOST   the host is gone at once, as by a power cut
#   boot HOST   it comes up again
# At the end of its input it exits, and as the first process of its namespace it takes all hosts along:
# nothing is left, however the test that started it ends. Two clusters know nothing of each other.
set -euo pipefail
STATE=$1
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin
A=(a1 a2 a3 a4 a5)
G=(g1 g2 g3 g4)
declare -A IP=([login]=10.77.0.1) PID=()
for i in "${!A[@]}"; do IP[${A[i]}]=10.77.0.$((11 + i)); done
for i in "${!G[@]}"; do IP[${G[i]}]=10.77.0.$((21 + i)); done

mkdir -p "$STATE"/{etc,log,run,spool,ctld,dev,munge,shared,hosts}
chmod 755 "$STATE"
for k in 0 1 2 3; do [ -c "$STATE/dev/nvidia$k" ] || mknod -m 666 "$STATE/dev/nvidia$k" c 1 3; done

# Slurm's gres plugin wants character devices; null devices stand in for GPUs.
sed "s|@STATE@|$STATE|g" "$HERE/slurm.conf" >"$STATE/etc/slurm.conf"
sed "s|@STATE@|$STATE|g" "$HERE/gres.conf" >"$STATE/etc/gres.conf"
echo CgroupAutomount=no >"$STATE/etc/cgroup.conf"
{
  echo 127.0.0.1 localhost
  for host in "${!IP[@]}"; do echo "${IP[$host]} $host"; done
} >"$STATE/etc/hosts"
mount --bind "$STATE/etc/hosts" /etc/hosts
umount /sys/fs/cgroup/unified 2>/dev/null || true # slurmd looks for its own there
export SLURM_CONF=$STATE/etc/slurm.conf

ip link set lo up
ip link add br0 type bridge
ip link set br0 up

head -c 128 /dev/urandom >"$STATE/munge/munge.key"
chmod 400 "$STATE/munge/munge.key"
munged --force --key-file="$STATE/munge/munge.key" --socket="$STATE/munge/munge.sock" \
  --pid-file="$STATE/run/munged.pid" --log-file="$STATE/log/munged.log" \
  --seed-file="$STATE/munge/munge.seed" 2>>"$STATE/log/munged.err"

boot() { # HOST PROGRAM...
  local host=$1
  shift
  # Bash as the first process buries what its host's programs leave; they are started by it.
  # shellcheck disable=SC2016 # the host's own shell fills these in
  unshare --net --uts --ipc --pid --mount --fork --kill-child --mount-proc bash -c '
    hostname "$1"
    until ip addr add "$2/24" dev eth0 2>/dev/null; do sleep 0.02; done
    ip link set lo up
    ip link set eth0 up
    shift 2
    "$@" &
    while :; do wait; sleep 0.2; done' host "$host" "${IP[$host]}" "$@" \
    </dev/null >>"$STATE/log/host.$host" 2>&1 &
  local up=$! first=
  until first=$(pgrep -P "$up"); do
    kill -0 "$up" || return 1
    sleep 0.02
  done
  PID[$host]=$first
  ip link add "v-$host" type veth peer name eth0 netns "$first"
  ip link set "v-$host" master br0 up
  echo "$first" >"$STATE/hosts/$host"
}

boot_node() {
  mkdir -p "$STATE/spool/$1"
  boot "$1" slurmd -D -N "$1"
}

boot login slurmctld -D
for host in "${A[@]}" "${G[@]}"; do boot_node "$host"; done

on_login() { nsenter -t "${PID[login]}" -m -u -i -n -p -- "$@"; }
wanted=$((${#A[@]} + ${#G[@]}))
for ((try = 0; try < 600; try++)); do
  up=$(on_login sinfo -h -N -o '%N %t' 2>/dev/null | sort -u | grep -c ' idle$' || true)
  ((up == wanted)) && break
  sleep 0.1
done
((up == wanted)) || {
  echo "only $up of $wanted nodes are up: $(tail -n 3 "$STATE/log/slurmctld.log" "$STATE"/log/host.*)"
  exit 1
}
echo up

while read -r verb host; do
  case $verb in
    kill)
      kill -9 "${PID[$host]}"
      # The interface goes with the namespace, a moment later.
      while ip link show "v-$host" >/dev/null 2>&1; do sleep 0.02; done
      ;;
    boot) boot_node "$host" ;;
    *)
      echo "unknown: $verb"
      continue
      ;;
  esac
  echo ok
done
