#!/bin/sh
# Runs one dotnet command quietly: its output is shown only when it fails.
set -eu
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || {
  echo "The .NET 10 SDK is needed: https://dot.net/download" >&2
  exit 127
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
timeout "${STEP_SECONDS:-600}" dotnet "$@" >"$log" 2>&1 || status=$?
[ "$status" -eq 0 ] && exit 0
# An error stands in the log once per project that meets it; a reader needs it once, and near.
if grep -qE '(error|warning) [A-Z]+[0-9]+' "$log"; then
  grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sed "s#$PWD/##g; s# \[[^]]*\]\$##" | sort -u | head -n 40 >&2
else
  tail -n 30 "$log" >&2
fi
echo "failed ($status): dotnet $*" >&2
exit "$status"
