#!/usr/bin/env sh
# Bring nginx for the tests of deploy/nginx through the system's package manager, where we may.
set -u
command -v nginx >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing nginx for the tests …"
  # Installed, not started: a machine that runs the tests shall not serve anything.
  unstarted=
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && unstarted=1
  fi
  for _ in 1 2 3; do
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null 2>&1 && break
  done
  [ -z "$unstarted" ] || rm -f /usr/sbin/policy-rc.d
  command -v nginx >/dev/null 2>&1 && exit 0
fi
echo "nginx is not here and cannot be installed by this user; the tests of deploy/nginx want it." >&2
exit 0
