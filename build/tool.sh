#!/bin/sh
# Packs the program as a tool of .NET, installs it from the package as somebody else would, and uses it: help, a server, a
# person. Says what went wrong, or nothing.
set -eu
cd "$(dirname "$0")/.."

outside=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$outside"' EXIT
build/dotnet.sh pack src/OpenPresence.Server/OpenPresence.Server.csproj -c Release -o "$outside/packages"
# Only from that folder: what it needs must be in the package.
build/dotnet.sh tool install OpenPresence --tool-path "$outside/tools" --source "$outside/packages" \
  --version "$(basename "$outside"/packages/OpenPresence.*.nupkg .nupkg | sed 's/^OpenPresence\.//')"
openpresence=$outside/tools/openpresence

"$openpresence" --help | grep -q '^  get <person>' || {
  echo 'the help of the tool does not name its commands' >&2
  exit 1
}
"$openpresence" serve --http-port 0 --https-port -1 --data "$outside/data" >"$outside/said" 2>&1 &
server=$!
seconds=0
until url=$(sed -n 's|^  \(http://localhost:[0-9]*\)/v1\.0.*|\1|p' "$outside/said") && [ -n "$url" ]; do
  seconds=$((seconds + 1))
  if [ $seconds -gt 60 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$outside/said" >&2
    exit 1
  fi
  sleep 1
done
said=$("$openpresence" get mara --url "$url")
echo "$said" | grep -q 'Mara Lindqvist  *Busy/InAMeeting' || {
  echo "the tool's server said: $said" >&2
  exit 1
}
