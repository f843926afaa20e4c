#!/bin/sh
# Sourced by the scripts that run the tests: steps with a limit each, several lanes of steps beside each other, and a sum.
#
# A step writes what it says into a file of its own, which is printed as a whole when the step ends, so that lanes do not
# mix their lines. What it counted lies beside it. A step that passes its limit is ended and named; the steps after it run
# all the same.

results=$PWD/artifacts/test
steps=$results/steps
failures=$results/failed

# A command that was told to end has this long before it is killed.
KILL_AFTER_SECONDS=30

# begin: forgets the results of an earlier run.
begin() {
  rm -rf "$results"
  mkdir -p "$steps"
  : >"$failures"
  : >"$steps/counts"
}

# count PASSED FAILED SKIPPED: one line for the sum. Lines of this length are appended whole.
count() { echo "$1 $2 $3" >>"$steps/counts"; }

# failed_test TEXT: keeps what failed for the end, where it is found.
failed_test() { echo "FAILED: $1" >>"$failures"; }

# skip REASON [N]: something that cannot run here.
skip() {
  echo "SKIPPED: $1"
  count 0 0 "${2:-1}"
}

# limited SECONDS COMMAND…: ends the command after so many seconds. The status is 124 then, or 137 when it had to be killed.
limited() {
  seconds=$1
  shift
  timeout --kill-after="$KILL_AFTER_SECONDS" "$seconds" "$@"
}

# why STATUS SECONDS: what the status of a limited command means.
why() {
  case $1 in
    124 | 137) echo "was ended after its limit of $2 s" ;;
    *) echo "ended with $1" ;;
  esac
}

# step TITLE FUNCTION ARGUMENT…: runs one step and prints its title, how long it took and what it said.
step() (
  title=$1
  shift
  said=$(mktemp "$steps/said.XXXXXX")
  begun=$(date +%s)
  status=0
  "$@" >"$said" 2>&1 || status=$?
  {
    printf '\n== %s (%s s)\n' "$title" $(($(date +%s) - begun))
    cat "$said"
  }
  exit "$status"
)

# check SECONDS TITLE COMMAND…: a step that passes or fails as a whole.
check() {
  limit=$1 what=$2
  shift 2
  step "$what" checked "$limit" "$what" "$@"
}

checked() {
  limit=$1 what=$2 status=0
  shift 2
  limited "$limit" "$@" || status=$?
  if [ "$status" -eq 0 ]; then
    count 1 0 0
  else
    failed_test "$what $(why "$status" "$limit")"
    count 0 1 0
    return 1
  fi
}

# xunit SECONDS PROJECT [FOLDER]: a test program; the counts are those of its own report.
xunit() { step "$2" xunit_counted "$@"; }

xunit_counted() {
  limit=$1 project=$2 status=0
  report=$results/$project.xml
  limited "$limit" dotnet "${3:-tests}/$project/bin/$CONFIGURATION/net10.0/$project.dll" \
    -noLogo -noColor -longRunning "$LONG_RUNNING_SECONDS" -result-xml "$report" || status=$?
  tests=$(sed -n 's/.*<assembly [^>]*[^a-z-]total="\([0-9]*\)".*/\1/p' "$report" 2>/dev/null)
  if [ -z "$tests" ]; then
    failed_test "$project $(why "$status" "$limit") and left no report"
    count 0 1 0
    return
  fi
  failing=$(grep -o '<test [^>]*result="Fail"' "$report" | wc -l)
  skips=$(grep -o '<test [^>]*result="Skip"' "$report" | wc -l)
  # A program that fails outside any test (a broken fixture, a crash after the last) must not pass.
  if [ "$failing" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$tests" -eq 0 ]; }; then
    failed_test "$project $(why "$status" "$limit") although none of its $tests tests failed"
    count 0 1 0
  fi
  count $((tests - failing - skips)) "$failing" "$skips"
  awk -v RS='<test ' 'NR > 1 && /^[^>]*result="Fail"/ {
    match($0, /(^| )name="[^"]*"/)
    name = substr($0, RSTART, RLENGTH)
    sub(/^ ?name=/, "", name)
    match($0, /<message><!\[CDATA\[/)
    said = substr($0, RSTART + RLENGTH, 600)
    sub(/\]\]>.*/, "", said)
    print "FAILED: " name ": " said
  }' "$report" >>"$failures"
  sed -n 's/.*<reason><!\[CDATA\[\(.*\)\]\]><\/reason>.*/SKIPPED: \1/p' "$report" | sort | uniq -c |
    sed 's/^ *\([0-9]*\) \(.*\)/\2 (\1)/'
}

# tap SECONDS TITLE REPORT COMMAND…: a command that writes a report in TAP with the closing lines of node:test
# (# pass N, # fail N, # cancelled N, # skipped N).
tap() { step "$2" tap_counted "$@"; }

tap_counted() {
  limit=$1 title=$2 report=$3 status=0
  shift 3
  limited "$limit" "$@" || status=$?
  closing() { sed -n "s/^# $1 \([0-9]*\)\$/\1/p" "$report" 2>/dev/null | tail -n 1; }
  ok=$(closing pass)
  if [ -z "$ok" ]; then
    failed_test "$title $(why "$status" "$limit") and left no report"
    count 0 1 0
    return
  fi
  failing=$(($(closing fail) + $(closing cancelled)))
  skips=$(closing skipped)
  if [ "$failing" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((ok + skips)) -eq 0 ]; }; then
    failed_test "$title $(why "$status" "$limit") although none of its tests failed"
    count 0 1 0
  fi
  count "$ok" "$failing" "$skips"
  sed -n 's/^ *not ok [0-9]* - /FAILED: /p' "$report" >>"$failures"
  sed -n 's/^ *ok [0-9]* - \(.*\) # SKIP\(.*\)/SKIPPED: \1:\2/p' "$report"
}

# finish: the names of what failed, with what was said first about it, and the sum as the last line. The status is 0 only
# when something passed and nothing failed.
finish() {
  [ ! -s "$failures" ] || { printf '\n== what failed\n' && cat "$failures"; }
  awk '{ passed += $1; failed += $2; skipped += $3 }
    END {
      printf "\n%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
      exit !(passed > 0 && failed == 0)
    }' "$steps/counts"
  exit
}
