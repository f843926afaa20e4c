#!/bin/sh
# Mutation testing: changes the code in one place at a time and sees whether a test fails (CONTRIBUTING.md). The
# arguments name the parts: engine, identity, odata; without any it is the engine. Reports: artifacts/mutants.
set -eu
cd "$(dirname "$0")/.."
build/dotnet.sh tool restore
for part in "${@:-engine}"; do
  case $part in
    engine) tests=tests/OpenPresence.Engine.Tests of= ;;
    identity) tests=tests/OpenPresence.Server.Tests of=Identity ;;
    odata) tests=tests/OpenPresence.Server.Tests of=Graph/OData ;;
    *)
      echo "make mutants: ARGS names no part '$part'; there are engine, identity and odata." >&2
      exit 2
      ;;
  esac
  # It takes all the time that others leave it: a mutant that is slow is not one that was noticed.
  (cd "$tests" && TESTS_OF=$of nice -n 10 dotnet stryker --config-file "../../build/mutants/$part.json" \
    --output "../../artifacts/mutants/$part" --skip-version-check)
done
