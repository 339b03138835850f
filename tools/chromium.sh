#!/bin/sh
# Sees to it that the tests find a Chromium to start: Debian's package, installed when root.
# CHROMIUM=/path/to/chromium names another one.
set -eu

say() { printf 'chromium: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

is_there() {
  if [ -n "${CHROMIUM:-}" ]; then
    command -v "$CHROMIUM" >/dev/null 2>&1 || fail "CHROMIUM=$CHROMIUM cannot be started."
    return 0
  fi
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1
}

if is_there; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  fail "the tests of the pages need Chromium: install the package chromium (Debian: sudo apt-get install chromium), or name it with make CHROMIUM=/path/to/chromium, then run make again."
fi
say "installing the Debian package chromium, which the tests of the pages need"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium; } >&2 ||
  fail "apt-get could not install the package chromium, which the tests of the pages need."
is_there || fail "the package chromium was installed, and still there is no chromium."
