#!/usr/bin/env bash
# Installs the outside parts that the tests talk to, into a folder of their own: the one line that a skipped test names.
set -euo pipefail
venv=${ASSIZE_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/assize/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  'moto[server]==5.2.5' 'ministack==1.5.33' 'boto3==1.43.11' 'compliance-trestle>=5.2,<6' 'jsonschema-rs>=0.30' \
  'prometheus-client>=0.26,<1' 'standardwebhooks>=1.1,<2'
# The ledger is tested on a private PostgreSQL, 15 or later, that the tests start themselves.
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
  else
    echo "PostgreSQL 15 or later is not here: install your system's package (Debian: apt-get install postgresql)" >&2
  fi
fi
# The public protocol suites lie in the source distribution of botocore only.
suites=${ASSIZE_PROTOCOL_TESTS:-$(dirname "$venv")/botocore-protocols}
if [ ! -d "$suites/input" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  "$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary botocore --dest "$work" 'botocore==1.43.11'
  tar -xzf "$work"/botocore-*.tar.gz -C "$work"
  mkdir -p "$suites"
  cp -R "$work"/botocore-*/tests/unit/protocols/. "$suites/"
fi
echo "$venv"
