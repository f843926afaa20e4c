#!/bin/sh
# Everything that proves the product, in one go and without a question. What cannot run here is named in a line that starts
# with SKIPPED. The last line is the sum over all parts, in a form that scripts read:
#   N passed, N failed[, N skipped]
# The status is 0 only when something ran and nothing failed.
#
# Every step has a limit of its own, in seconds, far above what a slow and busy machine needs; it is there for what hangs.
# What waits (clients, browsers) runs beside what computes. The longest lane is the server's tests; the limits on any way
# through the lanes add up to less than 80 minutes. SOAK=1 makes every limit ten times as long.
set -u
exec 2>&1
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. build/debian.sh
. build/node.sh
. build/steps.sh

CONFIGURATION=Release
# How much longer the long runs may take.
factor=1
[ -z "${SOAK:-}" ] || factor=10
# A test program names the tests that run for longer than this, again and again.
LONG_RUNNING_SECONDS=$((120 * factor))
# What build/dotnet.sh may take.
export STEP_SECONDS=$((1200 * factor))

# minutes N: a limit in seconds.
minutes() { echo $(($1 * 60 * factor)); }

# clients FOLDER: the Node programs of a folder, each file a real client against a real server, which the folder's run.mjs
# starts. It hands its options on to `node --test`.
clients() {
  report=$results/$(echo "$1" | tr / -).tap
  # shellcheck disable=SC2016 # the inner shell expands
  tap "$(minutes 10)" "$1" "$report" sh -c 'cd "$1" && npm ci --silent --no-audit --no-fund --ignore-scripts &&
    exec node run.mjs --test-reporter=spec --test-reporter-destination=stdout \
      --test-reporter=tap --test-reporter-destination="$2"' sh "$1" "$report"
}

begin
# The packages arrive while the build computes.
step "Debian's packages" install_test_packages &
packages=$!
check "$(minutes 5)" tools build/dotnet.sh tool restore || { wait "$packages"; finish; }
check "$(minutes 15)" build build/dotnet.sh build OpenPresence.slnx -c "$CONFIGURATION" || { wait "$packages"; finish; }
wait "$packages" || echo 'Tests that need a missing package are skipped.'

# A lane is a subshell: its steps run one after the other, beside the other lanes.
(
  xunit "$(minutes 45)" OpenPresence.Server.Tests
) &
server_tests=$!
(
  xunit "$(minutes 8)" OpenPresence.Engine.Tests
  xunit "$(minutes 8)" OpenPresence.Testing.Tests
  xunit "$(minutes 8)" Busylight.Tests samples
  check "$(minutes 5)" 'layout of the code' dotnet csharpier check .
  if command -v shellcheck >/dev/null; then
    check "$(minutes 5)" 'shell scripts' shellcheck .ci/run build/*.sh
  else
    skip 'shell scripts: shellcheck is not installed'
  fi
  check "$(minutes 12)" 'the package of the fixture, from outside of the repository' build/package.sh
  check "$(minutes 12)" 'the tool, installed from its package' build/tool.sh
) &
other_tests=$!
(
  if ensure_node; then
    for package in tests/clients/package.json tests/clients/*/package.json; do
      clients "$(dirname "$package")"
    done
  else
    skip 'tests/clients: no Node'
  fi
) &
node_clients=$!
(
  for program in tests/clients/*/run.sh; do
    language=$(basename "$(dirname "$program")")
    report=$results/client-$language.tap
    tap "$(minutes 10)" "tests/clients/$language" "$report" build/test-client.sh "$language" --tap "$report"
  done
) &
wait "$server_tests" "$other_tests" "$node_clients" $!

finish
