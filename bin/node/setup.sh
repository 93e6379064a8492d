# Shared by bin/r1sgg and bin/with-node, which set `root` and then source this file.
# choose_node sets `node`; install_packages makes node_modules agree with package-lock.json.
# shellcheck shell=sh disable=SC2154,SC2015

pinned=24.21.0
wanted='^22.19 || ^24 || >=26' # as in package.json; `accepts` decides
cache=${R1SGG_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp/r1sgg-$(id -u)}/.cache}/r1sgg}
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

say() { printf 'r1sgg: %s\n' "$*" >&2; }

die() {
  say "Cannot $*"
  exit 4
}

# accepts VERSION: whether `engines` of package.json accept it.
accepts() {
  version=${1#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  case $major in '' | *[!0-9]*) return 1 ;; esac
  case $minor in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -ge 26 ] || [ "$major" -eq 24 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 19 ]; }
}

# Sets `node`. The choice is remembered with path, inode, size and time of both the chosen node and
# the one on PATH, so that a later start needs no `node --version`.
choose_node() {
  found=$(command -v node) || found=
  memory=$cache/node/chosen
  if [ -r "$memory" ]; then
    { IFS= read -r node && IFS= read -r one && IFS= read -r two; } <"$memory"
    [ "$(identity)" = "${one-}
${two-}" ] && return
  fi
  seen='found no Node on PATH'
  if [ -n "$found" ]; then
    answer=$("$found" -p 'process.version + " " + process.execPath' 2>/dev/null)
    node=${answer#* }
    if accepts "${answer%% *}" && [ -x "$node" ]; then
      remember_node
      return
    fi
    case $answer in
      v[0-9]*) seen="found Node ${answer%% *} ($found)" ;;
      *) seen="found a node that does not run ($found)" ;;
    esac
  fi
  provision_node
  remember_node
}

identity() { ls -Lin "${node-}" "${found:-${node-}}" 2>/dev/null; }

remember_node() {
  mkdir -p "$cache/node" 2>/dev/null &&
    { printf '%s\n' "$node" && identity; } >"$memory.$$" 2>/dev/null &&
    mv -f "$memory.$$" "$memory" || true # without it the next start asks `node` again
}

# Sets `node` to the pinned one, which is installed into the cache when it is not there.
provision_node() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64 | Linux-arm64) platform=linux-arm64 ;;
    *) die "start: $seen on $(uname -sm), expected Node $wanted (installed for you on Linux x86_64 and aarch64 only)" ;;
  esac
  node=$cache/node/$pinned/node_modules/node-$platform/bin/node
  [ -x "$node" ] && return
  command -v npm >/dev/null || die "start: $seen and no npm, expected Node $wanted, or npm to install it with"
  alone "$cache/node/lock" "Node $pinned" install_node
}

install_node() {
  [ -x "$node" ] && return
  new=$cache/node/new
  rm -rf "$new" "$cache/node/${pinned:?}"
  mkdir -p "$new" && cp "$root/bin/node/package.json" "$root/bin/node/package-lock.json" "$new" ||
    die "install Node $pinned: \"$new\" is not writable, expected a cache folder (R1SGG_CACHE)"
  npm_ci "$new" "Node $pinned" "Node $pinned (once, 60 MB): $seen, expected $wanted"
  version=$("$new/node_modules/node-$platform/bin/node" --version 2>&1)
  [ "$version" = "v$pinned" ] ||
    die "run the installed Node $pinned: it said \"$version\", expected a Linux with glibc, or Node $wanted on PATH"
  mv "$new" "$cache/node/$pinned"
}

# Makes node_modules agree with package-lock.json. The copy of the lock is written last: a cut-off
# installation has none and is done again. A package installed by npm has compiled code and nothing to do.
install_packages() {
  installed=$root/node_modules/.r1sgg-lock.json
  [ -f "$root/src/cli/main.ts" ] || return 0
  cmp -s "$root/package-lock.json" "$installed" && return
  command -v npm >/dev/null || die "install the packages of \"$root\": found no npm on PATH, expected one beside Node"
  alone "$root/.r1sgg/install.lock" "the npm packages" install_locked
}

install_locked() {
  cmp -s "$root/package-lock.json" "$installed" && return
  rm -f "$installed"
  npm_ci "$root" "the npm packages" "the locked npm packages into $root/node_modules (once, about 260 MB)"
  mkdir -p "$root/node_modules"
  cp "$root/package-lock.json" "$installed.new" && mv "$installed.new" "$installed" ||
    die "install the npm packages: \"$root/node_modules\" is not writable, expected a folder of yours"
}

# alone FILE WHAT COMMAND: runs COMMAND while nobody else does, else says so and waits. The kernel
# drops the lock when its holder and the npm below it are gone, also by kill -9. On a file system
# without locks it runs at once.
alone() {
  file=$1
  what=$2
  shift 2
  mkdir -p "${file%/*}" 2>/dev/null && (: >>"$file") 2>/dev/null ||
    die "install $what: \"${file%/*}\" is not writable, expected a folder of yours"
  (
    if command -v flock >/dev/null && ! flock -n 9 2>/dev/null; then
      say "waiting for another r1sgg that is installing $what"
      flock 9 2>/dev/null
    fi
    "$@"
  ) 9>>"$file" || exit $?
}

# npm_ci FOLDER WHAT WORDS: `npm ci` under the chosen Node, or under npm's own while there is none.
# Without a network it still does what npm's cache allows, and does not spend minutes on retries.
npm_ci() {
  mkdir -p "$cache/logs"
  log=$cache/logs/npm-$$.log
  [ -x "$node" ] && PATH=${node%/*}:$PATH
  offline=
  if npm ping --fetch-retries=1 --fetch-retry-mintimeout=500 --fetch-timeout=20000 >"$log" 2>&1 ||
    grep -q 'code E[0-9]' "$log"; then
    say "installing $3"
    : >"$log"
  else
    offline=--offline
  fi
  # shellcheck disable=SC2086
  if (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --include=dev --include=optional $offline) >>"$log" 2>&1; then
    rm -f "$log"
    return
  fi
  why=$(sed -n 's/^npm [eE][rR][rR][^ ]* \(code \)\{0,1\}\(..*\)/\2/p' "$log" | head -n 2 | tr '\n' ' ')
  why=${why% }
  [ -z "$offline" ] ||
    die "install $2: npm found no way to its registry (${why:-no answer}), expected a network connection; npm's output is in $log"
  die "install $2: npm said \"${why:-nothing}\", expected it to install $1/package-lock.json; npm's output is in $log"
}
