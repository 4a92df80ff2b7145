#!/usr/bin/env sh
# Build the viewer with the machine's Node.js, or with the one that a Python wheel brings.
set -eu
cd "$(dirname "$0")/.."
fit() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
if ! fit; then
  echo "no fitting Node.js here (20.19 or 22.12 and later); bringing one …"
  deploy/install.sh deploy/locks/node.txt
fi
cd viewer
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "installing the viewer's packages …"
  npm ci --no-audit --no-fund --loglevel=error
fi
echo "building the viewer …"
npm run --silent build
