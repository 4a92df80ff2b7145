#!/usr/bin/env sh
# Install locked packages (or the project itself) into .venv: by uv, which takes seconds; by pip where uv
# cannot reach the packages, because pip knows the mirrors an administrator has configured.
set -eu
cd "$(dirname "$0")/.."
export VIRTUAL_ENV="$PWD/.venv"
if [ "$1" = --project ]; then
  set -- --no-deps --no-build-isolation -e .
else
  set -- --require-hashes -r "$1"
fi
.venv/bin/uv pip install -q "$@" 2>.venv/uv.log || .venv/bin/python -m pip install -q --disable-pip-version-check "$@"
