#!/bin/sh
# build/test-client.sh csharp|go|java|php|python [--url URL --ca FILE] [--https-port N] [--tap FILE]
#
# Runs the Graph SDK of one language, unmodified, against servers that it starts itself (they must have been built), or
# against the one at URL, whose authority is in FILE. Ends with counts in the form of `node --test`; --tap FILE keeps
# the results as TAP. Packages come from the folder of OPENPRESENCE_CLIENT_PACKAGES, else from the language's registry;
# without either the language is skipped, with the reason. On port 443 it runs in a network of its own, with loopback alone.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=build/debian.sh
. build/debian.sh
# shellcheck source=build/node.sh
. build/node.sh

ensure_node
# What is missing then all the same, run.sh says.
case ${1:-} in
  java) command -v javac >/dev/null || apt_install default-jdk-headless || true ;;
  php) command -v php >/dev/null || apt_install php-cli php-curl php-mbstring php-xml || true ;;
esac
case " $* " in
  *' --https-port 443 '*)
    exec unshare --map-root-user --net sh -c 'ip link set lo up && exec node tests/clients/language.mjs "$@"' sh "$@"
    ;;
esac
exec node tests/clients/language.mjs "$@"
