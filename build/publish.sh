#!/bin/sh
# Publishes the server for this kind of machine into a folder: its own code compiled ahead (ReadyToRun), the framework
# the installed one. Further arguments go to dotnet publish.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-artifacts/server}
[ $# -eq 0 ] || shift

case $(uname -s)-$(uname -m) in
  Linux-x86_64) runtime=linux-x64 ;;
  Linux-aarch64) runtime=linux-arm64 ;;
  Darwin-arm64) runtime=osx-arm64 ;;
  Darwin-x86_64) runtime=osx-x64 ;;
  *)
    echo "no published form for $(uname -s) on $(uname -m): use make run" >&2
    exit 1
    ;;
esac
exec build/dotnet.sh publish src/OpenPresence.Server/OpenPresence.Server.csproj -c Release \
  -r "$runtime" --self-contained false -p:PublishReadyToRun=true -o "$folder" "$@"
