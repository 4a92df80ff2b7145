#!/usr/bin/env sh
# Install locked packages (or the project itself) into .venv: by uv, which takes seconds; by pip where uv
# cannot reach the packages, because pip knows the mirrors an administrator has configured.
# An environment other than .venv is named in TARGET.
set -eu
cd "$(dirname "$0")/.."
target=${TARGET:-.venv}
[ -e "$target/bin/python" ] || .venv/bin/python -m venv "$target"
export VIRTUAL_ENV="$PWD/$target"
if [ "$1" = --project ]; then
  set -- --no-deps --no-build-isolation -e .
else
  set -- --require-hashes -r "$1"
fi
.venv/bin/uv pip install -q "$@" 2>.venv/uv.log || "$target/bin/python" -m pip install -q --disable-pip-version-check "$@"
