#!/usr/bin/env bash
# cargo-deny over licences, bans and sources; over advisories as well where their database can be fetched.
set -euo pipefail
root=${CARGO_INSTALL_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/assize/cargo}
deny=$(command -v cargo-deny || true)
if [ -z "$deny" ]; then
  deny=$root/bin/cargo-deny
  [ -x "$deny" ] || cargo install --quiet --locked --root "$root" cargo-deny@0.20.2
fi
"$deny" --log-level error check bans licenses sources
if ! timeout 60 "$deny" --log-level error fetch db 2>/dev/null; then
  echo "advisories: not checked, the database cannot be fetched from here"
else
  "$deny" --log-level error check advisories
fi
