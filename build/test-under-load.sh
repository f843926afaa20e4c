#!/bin/sh
# Runs `make test` several times beside a bounded load, to find tests that depend on timing, and keeps each result in
# tests/under-load.tsv, so that the count can be taken up again later:
#   commit · date · load · seconds of wall time · seconds of processor time · the sum
# Arguments: the number of runs (default 10) and the kind of load (default: cpu).
#   cpu     as many busy loops as there are processors, and as many again
#   copies  three copies of the whole run at once, each counted, in clones of this commit
# The status is 0 only when every run was green. The working tree must be committed: a result names its commit.
set -u
cd "$(dirname "$0")/.." || exit 1
runs=${1:-10} load=${2:-cpu}
results=$PWD/tests/under-load.tsv
RUN_SECONDS_MAX=4800

[ -z "$(git status --porcelain -- . ':!tests/under-load.tsv')" ] || {
  echo 'commit first: a result names its commit' >&2
  exit 2
}
commit=$(git rev-parse --short=12 HEAD)
work=$(mktemp -d)
burning=
stop_load() {
  # shellcheck disable=SC2086 # a list of process ids
  [ -z "$burning" ] || kill $burning 2>/dev/null
  burning=
}
trap 'stop_load; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# one_run FOLDER LOAD: one `make test` in a clone; appends its line.
one_run() {
  git clone -q . "$1" || return 1
  begun=$(date +%s)
  ( cd "$1" && timeout --kill-after=60 "$RUN_SECONDS_MAX" make test >"$1.out" 2>&1; times >"$1.times" )
  seconds=$(($(date +%s) - begun))
  processor=$(awk 'NR == 2 { split($1 "m" $2, t, /[ms]+/); printf "%d", t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$1.times")
  sum=$(tail -n 1 "$1.out")
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$commit" "$(date -u +%Y-%m-%dT%H:%MZ)" "$2" "$seconds" "$processor" "$sum" >>"$results"
  echo "$2: $sum, $seconds s"
  case $sum in
    *' 0 failed'*) rm -rf "$1" "$1.out" "$1.times" ;;
    *)
      sed -n '/^== what failed/,$p' "$1.out"
      return 1
      ;;
  esac
}

status=0 done=0
while [ "$done" -lt "$runs" ]; do
  case $load in
    cpu)
      for _ in $(seq $(($(nproc) * 2))); do
        (while :; do :; done) &
        burning="$burning $!"
      done
      one_run "$work/run-$done" "cpu $(($(nproc) * 2))" || status=1
      stop_load
      done=$((done + 1))
      ;;
    copies)
      copies=
      for copy in 1 2 3; do
        one_run "$work/run-$done-$copy" 'copies 3' &
        copies="$copies $!"
      done
      for copy in $copies; do wait "$copy" || status=1; done
      done=$((done + 3))
      ;;
    *)
      sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
      exit 2
      ;;
  esac
done
exit "$status"
