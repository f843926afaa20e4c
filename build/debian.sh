#!/bin/sh
# Sourced: installs what the tests need from Debian's packages, in one go. What cannot be had is named; the tests that need
# it are skipped with their reason.

# missing PACKAGE COMMAND…: prints the name of a package unless the command says that what it brings is there.
missing() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || echo "$package"
}

# as_root COMMAND…: as root, or with a sudo that asks for no password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# apt_install PACKAGE…: one package that cannot be had does not keep the others away.
apt_install() {
  [ $# -gt 0 ] || return 0
  command -v apt-get >/dev/null || {
    echo "cannot install $*: no apt-get here" >&2
    return 1
  }
  as_root true 2>/dev/null || {
    echo "cannot install $*: needs root (apt-get install $*)" >&2
    return 1
  }
  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
  unavailable=
  for package in "$@"; do
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$package" >/dev/null || unavailable="$unavailable $package"
  done
  [ -z "$unavailable" ] || {
    echo "cannot be had:$unavailable" >&2
    return 1
  }
}

# test_packages: the packages that the tests need and that are missing here.
test_packages() {
  missing shellcheck command -v shellcheck
  missing postgresql sh -c 'ls /usr/lib/postgresql/*/bin/postgres'
  missing iproute2 test -x /usr/sbin/tc
  missing nginx-light test -x /usr/sbin/nginx
  missing python3-msal /usr/bin/python3 -c 'import msal, requests'
  missing chromium command -v chromium
  missing libnss3-tools command -v certutil
  missing azure-cli command -v az
  missing default-jdk-headless command -v javac
  missing 'php-cli php-curl php-mbstring php-xml' php -r 'exit(!(extension_loaded("curl") && extension_loaded("xml")));'
}

# install_test_packages: the tests start services themselves, so none is started and no cluster of PostgreSQL is made.
install_test_packages() {
  packages=$(test_packages)
  [ -n "$packages" ] || return 0
  policy=/usr/sbin/policy-rc.d own_policy=
  if command -v apt-get >/dev/null && as_root true 2>/dev/null && [ ! -e "$policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
  fi
  case $packages in
    *postgresql*)
      settings=/etc/postgresql-common/createcluster.conf
      [ -e "$settings" ] || apt_install postgresql-common
      [ ! -e "$settings" ] || echo 'create_main_cluster = false' | as_root tee -a "$settings" >/dev/null
      ;;
  esac
  # shellcheck disable=SC2086 # a list of names
  apt_install $packages
  [ ! -e "${settings:-}" ] || as_root sed -i '/^create_main_cluster = false$/d' "$settings"
  [ -z "$own_policy" ] || as_root rm -f "$policy"
}
