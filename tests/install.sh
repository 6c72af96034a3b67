#!/usr/bin/env bash
# Installs the outside parts that the tests talk to, into a folder of their own: the one line that a skipped test names.
set -euo pipefail
venv=${ASSIZE_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/assize/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check \
  'moto[server]==5.2.5' 'ministack==1.5.33' 'boto3==1.43.11' 'compliance-trestle>=5.2,<6' 'jsonschema-rs>=0.30'
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
