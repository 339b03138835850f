#!/bin/sh
# Sets up what every other make target needs: uv in .tools, then the locked packages in .venv.
# Needs Python 3.11 or newer; PYTHON=/path/to/python names one, otherwise the newest found is taken.
set -eu
cd "$(dirname "$0")/.."

uv_version=0.13.9
pythons="python3.14 python3.13 python3.12 python3.11 python3"
oldest="(3, 11)"

say() { printf 'setup: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

# Starting it is the only proof: pyenv leaves a python3.13 on the PATH that starts nothing.
is_new_enough() { "$1" -c "import sys; sys.exit(sys.version_info < $oldest)" >/dev/null 2>&1; }

find_python() {
  for candidate in ${PYTHON:-$pythons}; do
    if is_new_enough "$candidate"; then command -v "$candidate"; return; fi
  done
  if [ -n "${PYTHON:-}" ]; then
    fail "PYTHON=$PYTHON does not start, or is older than Python 3.11."
  fi
  fail "Python 3.11 or newer was not found: install it (Debian 12 or later: apt-get install python3) or name it with make PYTHON=/path/to/python3."
}

pip_install() { # $1: the Python whose pip installs; the rest: where to
  installer=$1
  shift
  "$installer" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$@" "uv==$uv_version"
}

has_venv() { "$python" -c "import ensurepip, venv" >/dev/null 2>&1; }
has_pip() { "$python" -m pip --version >/dev/null 2>&1; }

# Debian ships Python without the parts that make a virtual environment.
add_debian_venv() {
  package="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    fail "this Python can make no virtual environment: install the package $package (Debian: sudo apt-get install $package), then run make again."
  fi
  say "installing the Debian package $package, which this Python lacks"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -qq --yes "$package"; } >&2 ||
    fail "apt-get could not install $package, without which this Python can make no virtual environment."
}

install_uv() {
  if [ "$(.tools/bin/uv --version 2>/dev/null | cut -d ' ' -f 2)" = "$uv_version" ]; then return; fi
  say "installing uv $uv_version in .tools"
  rm -rf .tools
  if ! has_venv && ! has_pip; then add_debian_venv; fi
  if has_venv; then
    "$python" -m venv .tools
    pip_install .tools/bin/python
  else
    pip_install "$python" --target .tools
  fi
}

python="$(find_python)"
install_uv
say "installing the locked packages in .venv with $("$python" --version)"
UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync --quiet --locked --python "$python"
