# shellcheck shell=sh
# Sourced by the run.sh of each language: where its packages come from. OPENPRESENCE_CLIENT_PACKAGES names a folder of
# archives, LANGUAGE.tar.xz; without it the registry of the language is asked.

CANNOT_RUN=77
# shellcheck disable=SC2034 # for those who source this file
PACKAGE_SECONDS=300

here=$(cd "$(dirname "$0")" && pwd)
# What is unpacked and compiled stays for the next run; `make clean` removes it.
cache=$(cd "$here/../../.." && pwd)/artifacts/clients
mkdir -p "$cache"

# cannot REASON: ends with the reason and with the status that means "skipped".
cannot() {
  echo "$1"
  exit "$CANNOT_RUN"
}

# archive NAME: the path of an archive with packages; fails when there is none.
archive() {
  [ -n "${OPENPRESENCE_CLIENT_PACKAGES:-}" ] && [ -f "$OPENPRESENCE_CLIENT_PACKAGES/$1" ] &&
    echo "$OPENPRESENCE_CLIENT_PACKAGES/$1"
}

# unpacked ARCHIVE: the folder with its content. Another archive gets another folder; a broken one leaves none behind.
unpacked() {
  folder=$cache/$(basename "$1" .tar.xz)-$(cksum <"$1" | cut -d ' ' -f 1)
  if [ ! -d "$folder" ]; then
    new=$(mktemp -d "$folder.XXXX")
    tar -C "$new" -xJf "$1" || { rm -rf "$new"; return 1; }
    mv "$new" "$folder"
  fi
  echo "$folder"
}
