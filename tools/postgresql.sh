#!/bin/sh
# Sees to it that the tests find a PostgreSQL server to start: Debian's package, installed when root.
# The tests start a private cluster of their own, so the package makes none.
set -eu

say() { printf 'postgresql: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

is_there() {
  command -v initdb >/dev/null 2>&1 && return
  for server in /usr/lib/postgresql/*/bin/initdb; do
    if [ -x "$server" ]; then return; fi
  done
  return 1
}

if is_there; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  fail "the tests need a PostgreSQL server: install the package postgresql (Debian: sudo apt-get install postgresql), then run make again."
fi
say "installing the Debian package postgresql, which the tests of the store need"
export DEBIAN_FRONTEND=noninteractive
settings=/etc/postgresql-common/createcluster.conf
if [ ! -e "$settings" ]; then
  mkdir -p "$(dirname "$settings")"
  printf 'create_main_cluster = false\n' > "$settings"
fi
{ apt-get update -qq && apt-get install -qq --yes --no-install-recommends postgresql; } >&2 ||
  fail "apt-get could not install the package postgresql, which the tests of the store need."
is_there || fail "the package postgresql was installed, and still there is no initdb."
