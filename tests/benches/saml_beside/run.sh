#!/usr/bin/env bash
# Measures the SAML verifier beside what others verify with, in one run on one machine, and prints the ratios:
# libxmlsec1 in-process (python-xmlsec) and python3-saml. Both come from PyPI into target/; without a network, or where
# no wheel fits, it says so and measures nothing.
#
#   tests/benches/saml_beside/run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

room=$PWD/target/saml-beside
if ! [ -x "$room/bin/python" ] || ! "$room/bin/python" -c 'import xmlsec, onelogin.saml2.response' 2>/dev/null; then
  python3 -m venv "$room"
  "$room/bin/pip" install --quiet --only-binary :all: xmlsec==1.3.17 python3-saml==1.16.0 || {
    echo "python-xmlsec and python3-saml could not be installed from here; nothing was measured." >&2
    exit 1
  }
fi
cargo bench --quiet -p latchkey-core --bench verify_saml -- --noplot 'saml/(4_kb|bare|groups/5000)'
"$room/bin/python" tests/benches/saml_beside/beside.py src-tauri/core/tests/keys target/criterion
