#!/bin/sh
# run.sh [FILE]: presence.php, or another program, with the packages of composer.json, which names each version exactly.
set -eu
# shellcheck source=tests/clients/packages.sh
. "$(dirname "$0")/../packages.sh"

command -v php >/dev/null || cannot 'php is not installed (Debian: php-cli)'
for extension in curl mbstring openssl xml; do
  php -m | grep -qix "$extension" || cannot "php has no $extension (Debian: php-$extension)"
done
if found=$(archive php.tar.xz) && packages=$(unpacked "$found"); then
  vendor=$packages/vendor
else
  home=$cache/php-$(cksum <"$here/composer.json" | cut -d ' ' -f 1)
  vendor=$home/vendor
  if [ ! -e "$home/complete" ]; then
    mkdir -p "$home"
    cp "$here/composer.json" "$home"
    { timeout "$PACKAGE_SECONDS" composer install --quiet --no-interaction --no-plugins --working-dir "$home" &&
      touch "$home/complete"; } >&2 || cannot 'the packages of tests/clients/php/composer.json are not to be had'
  fi
fi

program=$here/presence.php
[ $# -eq 0 ] || program=$1
# An example says `require 'vendor/autoload.php'`. What later versions of PHP dislike in the SDK is no concern here.
cd "$vendor/.."
exec php -d curl.cainfo="$GRAPH_CA" -d openssl.cafile="$GRAPH_CA" -d error_reporting='E_ALL & ~E_DEPRECATED' \
  -d display_errors=stderr -d auto_prepend_file="$vendor/autoload.php" "$program"
