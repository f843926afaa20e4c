#!/bin/sh
# run.sh [FILE]: the program, or the statements of FILE (imports first) in its place, with the packages of pom.xml.
set -eu
# shellcheck source=tests/clients/packages.sh
. "$(dirname "$0")/../packages.sh"

command -v javac >/dev/null || cannot 'no JDK is installed (Debian: default-jdk-headless)'
if found=$(archive java.tar.xz) && packages=$(unpacked "$found"); then
  lib=$packages/lib
else
  lib=$cache/java-$(cksum <"$here/pom.xml" | cut -d ' ' -f 1)
  [ -e "$lib/complete" ] || {
    timeout "$PACKAGE_SECONDS" mvn --quiet --batch-mode -f "$here/pom.xml" dependency:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory="$lib" && touch "$lib/complete"
  } >&2 || cannot 'the packages of tests/clients/java/pom.xml are not to be had'
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 0 ]; then
  class=Example
  {
    grep '^import ' "$1"
    printf 'public class Example { public static void main(String[] arguments) throws Exception {\n'
    grep -v '^import ' "$1"
    # The threads of OkHttp would keep the program for a minute.
    printf 'System.exit(0); } }\n'
  } >"$work/Example.java"
  javac -cp "$lib/*" -d "$work" "$work/Example.java" >&2
else
  class=openpresence.client.Program
  javac -cp "$lib/*" -d "$work" "$here"/src/main/java/openpresence/client/*.java >&2
fi

# Java trusts what is in a store of its own.
keytool -importcert -noprompt -alias openpresence -file "$GRAPH_CA" \
  -keystore "$work/trust.p12" -storetype PKCS12 -storepass changeit >/dev/null 2>&1
java -Djavax.net.ssl.trustStore="$work/trust.p12" -Djavax.net.ssl.trustStorePassword=changeit -cp "$work:$lib/*" "$class"
