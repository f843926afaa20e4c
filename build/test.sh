#!/bin/sh
# Everything that proves the product, in one go and without a question. What cannot run here is named
# in a line that starts with SKIPPED. The last line is the sum over all parts, in a form that scripts read:
#   N passed, N failed[, N skipped]
# The status is 0 only when something ran and nothing failed.
set -u
exec 2>&1
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. build/node.sh

CONFIGURATION=Release
TOTAL_SECONDS=${SOAK:+14400}
deadline=$(($(date +%s) + ${TOTAL_SECONDS:-840}))
results=$PWD/artifacts/test
failed_tests=$results/failed
passed=0 failed=0 skipped=0

title() { printf '\n== %s\n' "$1"; }
count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

# bounded COMMAND…: ends the command when the time for the whole run is over.
bounded() {
  left=$((deadline - $(date +%s)))
  timeout --kill-after=10 $((left > 1 ? left : 1)) "$@"
}

# check TITLE COMMAND…: one check that passes or fails as a whole.
check() {
  what=$1
  title "$what"
  shift
  if "$@"; then count 1 0 0; else count 0 1 0; failed_test "$what"; return 1; fi
}

# failed_test TEXT: keeps it for the end.
failed_test() { echo "FAILED: $1" >>"$failed_tests"; }

skip() {
  echo "SKIPPED: $1"
  count 0 0 1
}

# The names of what failed and what was said first about it, again at the end, where they are found.
finish() {
  [ ! -s "$failed_tests" ] || { title 'what failed' && cat "$failed_tests"; }
  printf '\n'
  sum="$passed passed, $failed failed"
  [ "$skipped" -eq 0 ] || sum="$sum, $skipped skipped"
  echo "$sum"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# xunit PROJECT [FOLDER]: runs a test program; the counts are those of its own report.
xunit() {
  title "$1"
  report=$results/$1.xml
  status=0
  bounded dotnet "${2:-tests}/$1/bin/$CONFIGURATION/net10.0/$1.dll" \
    -noLogo -noColor -xml "$report" || status=$?
  tests=$(sed -n 's/.*<assembly [^>]*[^a-z-]total="\([0-9]*\)".*/\1/p' "$report" 2>/dev/null)
  if [ -z "$tests" ]; then
    failed_test "$1 ended with $status and without a report"
    count 0 1 0
    return
  fi
  failures=$(grep -o '<test [^>]*result="Fail"' "$report" | wc -l)
  skips=$(grep -o '<test [^>]*result="Skip"' "$report" | wc -l)
  # A program that fails outside any test (a broken fixture, a crash after the last) must not pass.
  [ "$status" -eq 0 ] || [ "$failures" -gt 0 ] || failures=1
  [ "$tests" -gt 0 ] || failures=1
  count $((tests - failures - skips)) "$failures" "$skips"
  awk -v RS='<test ' 'NR > 1 && /^[^>]*result="Fail"/ {
    match($0, /(^| )name="[^"]*"/)
    name = substr($0, RSTART, RLENGTH)
    sub(/^ ?name=/, "", name)
    match($0, /<message><!\[CDATA\[/)
    said = substr($0, RSTART + RLENGTH, 600)
    sub(/\]\]>.*/, "", said)
    print "FAILED: " name ": " said
  }' "$report" >>"$failed_tests"
  sed -n 's/.*<reason><!\[CDATA\[\(.*\)\]\]><\/reason>.*/SKIPPED: \1/p' "$report" | sort | uniq -c |
    sed 's/^ *\([0-9]*\) \(.*\)/\2 (\1)/'
}

# clients FOLDER: the Node programs of a folder, each file a real client against a real server, which the
# folder's run.mjs starts. It hands its options on to `node --test`.
clients() {
  title "$1"
  (cd "$1" && bounded npm ci --silent --no-audit --no-fund --ignore-scripts) || {
    failed_test "npm ci in $1"
    count 0 1 0
    return
  }
  report=$results/$(basename "$1").tap
  status=0
  (
    cd "$1" && bounded node run.mjs \
      --test-reporter=spec --test-reporter-destination=stdout \
      --test-reporter=tap --test-reporter-destination="$report"
  ) || status=$?
  tap() { sed -n "s/^# $1 \([0-9]*\)\$/\1/p" "$report" | tail -n 1; }
  ok=$(tap pass)
  if [ -z "$ok" ]; then
    failed_test "$1 ended with $status and without a report"
    count 0 1 0
    return
  fi
  failures=$(($(tap fail) + $(tap cancelled)))
  [ "$status" -eq 0 ] || [ "$failures" -gt 0 ] || failures=1
  [ "$ok" -gt 0 ] || [ "$failures" -gt 0 ] || failures=1
  count "$ok" "$failures" "$(tap skipped)"
  sed -n 's/^ *not ok [0-9]* - /FAILED: /p' "$report" >>"$failed_tests"
  sed -n 's/^ *ok [0-9]* - \(.*\) # SKIP\(.*\)/SKIPPED: \1:\2/p' "$report"
}

rm -rf "$results"
mkdir -p "$results"

check 'tools' build/dotnet.sh tool restore || finish
check 'layout of the code' bounded dotnet csharpier check .
check 'build' build/dotnet.sh build OpenPresence.slnx -c "$CONFIGURATION" || finish

if command -v shellcheck >/dev/null || apt_install shellcheck; then
  check 'shell scripts' shellcheck .ci/run build/*.sh
else
  skip 'shell scripts: shellcheck is not installed'
fi

# debian PACKAGE COMMAND…: installs a package unless the command says that it is there already. Without it the tests
# that need it say so.
debian() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || apt_install "$package" || echo "$package is not to be had"
}

# unstarted PACKAGE COMMAND…: the same for a package that starts a service when it is installed. Here it does not: the
# tests start the program themselves.
unstarted() {
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null 2>&1
    $as_root chmod +x "$policy"
    debian "$@"
    $as_root rm -f "$policy"
  else
    debian "$@"
  fi
}

# PostgreSQL's package also makes a cluster, unless a file of another package says otherwise.
postgresql() {
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && return
  settings=/etc/postgresql-common/createcluster.conf
  debian postgresql-common test -e "$settings"
  echo 'create_main_cluster = false' | $as_root tee -a "$settings" >/dev/null
  unstarted postgresql false
  $as_root sed -i '/^create_main_cluster = false$/d' "$settings"
}

as_root=
[ "$(id -u)" -eq 0 ] || as_root='sudo -n'
postgresql
debian iproute2 test -x /usr/sbin/tc
unstarted nginx-light test -x /usr/sbin/nginx

xunit OpenPresence.Engine.Tests
xunit OpenPresence.Server.Tests
xunit OpenPresence.Testing.Tests
xunit Busylight.Tests samples
check 'the package of the fixture, from outside of the repository' bounded build/package.sh
check 'the tool, installed from its package' bounded build/tool.sh

if ensure_node; then
  title 'programs that are clients'
  debian python3-msal /usr/bin/python3 -c 'import msal, requests'
  debian chromium chromium --version
  debian libnss3-tools command -v certutil
  debian azure-cli command -v az
  for package in tests/clients/package.json tests/clients/*/package.json; do
    [ -f "$package" ] && clients "$(dirname "$package")"
  done
else
  skip 'tests/clients: no Node'
fi

finish
