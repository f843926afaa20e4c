#!/bin/sh
# run.sh [FILE]: the program with both versions of the Graph SDK that Directory.Packages.props names, or another file
# with the newer one.
set -eu
# shellcheck source=tests/clients/packages.sh
. "$(dirname "$0")/../packages.sh"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# build SDK [FILE]: into the cache; what it says is shown only when it fails.
build() {
  folder=$cache/csharp-$1${2:+-example}
  timeout "$PACKAGE_SECONDS" dotnet build "$here/Presence.csproj" -c Release -v q -nologo \
    --artifacts-path "$folder" -p:GraphSdk="$1" ${2:+"-p:Example=$2" -p:RunAnalyzers=false} >"$folder.log" 2>&1 || {
    if grep -q 'NU1301\|NU1101' "$folder.log"; then
      cannot "Microsoft.Graph $1 is not to be had from NuGet"
    fi
    grep -E 'error|warning' "$folder.log" | sort -u | head -n 20 >&2
    exit 1
  }
}

# run SDK [FILE]: the authority is trusted by the program alone; for NuGet the system's are.
run() {
  build "$@"
  SSL_CERT_FILE=$GRAPH_CA dotnet "$cache/csharp-$1${2:+-example}/bin/Presence/release/Presence.dll"
}

if [ $# -gt 0 ]; then
  # The compiler goes by the end of the name.
  file=$cache/csharp-example.cs
  cp "$1" "$file"
  run 6.10.0 "$file"
else
  status=0
  run 6.10.0 || status=$?
  run 5.92.0 || status=$?
  exit "$status"
fi
