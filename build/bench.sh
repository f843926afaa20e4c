#!/bin/sh
# Measures speed: publishes the server, then lets the bench load it (docs/performance.md). The arguments go
# to the bench; `read` alone takes three minutes, everything under fifteen. --install-peers, in front, installs
# what the suite `peers` compares with.
set -eu
cd "$(dirname "$0")/.."
. build/debian.sh

command -v wrk >/dev/null || apt_install wrk
command -v h2load >/dev/null || apt_install nghttp2-client
if [ "${1:-}" = --install-peers ]; then
  shift
  apt_install redis-server nginx-light ejabberd
fi
[ "$(nproc)" -ge 2 ] || {
  echo "make bench needs two processors: one for the server, one for the load" >&2
  exit 1
}
build/publish.sh artifacts/server
build/dotnet.sh publish src/OpenPresence.Server/OpenPresence.Server.csproj -c Release -o artifacts/server-plain
build/dotnet.sh build bench/OpenPresence.Bench/OpenPresence.Bench.csproj -c Release
exec dotnet bench/OpenPresence.Bench/bin/Release/net10.0/OpenPresence.Bench.dll "$@"
