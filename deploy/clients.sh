#!/usr/bin/env sh
# Bring the clients that only the tests use (CesiumJS) into .cache/clients, as locked.
set -eu
cd "$(dirname "$0")/.."
command -v npm >/dev/null 2>&1 || { echo "npm is missing; run deploy/build-viewer.sh, which brings one" >&2; exit 1; }
mkdir -p .cache/clients
cp deploy/clients/package.json deploy/clients/package-lock.json deploy/clients/.npmrc .cache/clients/
cd .cache/clients
echo "installing CesiumJS for the tests …"
npm ci --no-audit --no-fund --loglevel=error
