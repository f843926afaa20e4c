#!/bin/sh
# run.sh [FILE]: presence.py, or another program, with the packages of requirements.txt.
set -eu
# shellcheck source=tests/clients/packages.sh
. "$(dirname "$0")/../packages.sh"

if found=$(archive python.tar.xz) && packages=$(unpacked "$found") &&
  PYTHONPATH=$packages python3 -c 'import cryptography, msgraph' 2>/dev/null; then
  export PYTHONPATH="$packages"
  python=python3
else
  # Beside what was installed from the same list.
  home=$cache/python-$(cksum <"$here/requirements.txt" | cut -d ' ' -f 1)
  python=$home/bin/python
  if [ ! -e "$home/complete" ]; then
    { python3 -m venv --clear "$home" && timeout "$PACKAGE_SECONDS" "$python" -m pip install --quiet \
      --disable-pip-version-check --retries 0 --no-deps -r "$here/requirements.txt" && touch "$home/complete"; } >&2 ||
      cannot 'the packages of tests/clients/python/requirements.txt are not to be had'
  fi
fi

# After the installation: pip would trust this authority alone.
export SSL_CERT_FILE="$GRAPH_CA" REQUESTS_CA_BUNDLE="$GRAPH_CA"
exec "$python" "${1:-$here/presence.py}"
