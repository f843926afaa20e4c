#!/bin/sh
# run.sh [FILE]: the program, or another one, built with the modules of go.sum. Where Go or its modules are not to be had,
# the program that stands built beside the folder of packages is run instead; it asks for more, and cannot run FILE.
set -eu
# shellcheck source=tests/clients/packages.sh
. "$(dirname "$0")/../packages.sh"

BUILD_SECONDS=900
modules=$cache/go

# built NAME FOLDER: the program of a folder; the first time its modules are fetched and compiled, which takes minutes. That
# they cannot be fetched is no error; what the compiler says is.
built() {
  command -v go >/dev/null || return 1
  (cd "$2" && GOTOOLCHAIN=local timeout "$BUILD_SECONDS" go build -o "$modules/$1" .) >"$modules/$1.log" 2>&1 && return
  if ! grep -qE 'go: |dial tcp|note: module requires Go' "$modules/$1.log"; then
    cat "$modules/$1.log" >&2
    exit 1
  fi
  return 1
}

mkdir -p "$modules"
if [ $# -gt 0 ]; then
  folder=$modules/example
  mkdir -p "$folder"
  cp "$here/go.mod" "$here/go.sum" "$folder"
  cp "$1" "$folder/main.go"
  built example.run "$folder" || cannot 'Go or its modules are not to be had, so the example is not compiled'
  SSL_CERT_FILE=$GRAPH_CA exec "$modules/example.run"
fi

if built client "$here"; then
  SSL_CERT_FILE=$GRAPH_CA exec "$modules/client"
fi

prebuilt=${OPENPRESENCE_CLIENT_PACKAGES:-}/../go/openpresence-go.xz
[ -f "$prebuilt" ] || cannot 'Go or the modules of tests/clients/go/go.sum are not to be had'
program=$modules/prebuilt-$(cksum <"$prebuilt" | cut -d ' ' -f 1)
if [ ! -x "$program" ]; then
  new=$(mktemp "$program.XXXX")
  xz -dc "$prebuilt" >"$new" && chmod +x "$new" && mv "$new" "$program"
fi
echo 'Go or its modules are not to be had: the prebuilt program is run in place of tests/clients/go.'
SSL_CERT_FILE=$GRAPH_CA GRAPH_BASE=$GRAPH_URL/v1.0 AUTHORITY_HOST=$GRAPH_URL CONTROL_BASE=${GRAPH_CONTROL:-} \
  THROTTLED_BASE=${THROTTLED_URL:+$THROTTLED_URL/v1.0} THROTTLED_AUTHORITY=${THROTTLED_URL:-} exec "$program"
