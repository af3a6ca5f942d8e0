#!/usr/bin/env bash
# Installs what a make target needs and this machine lacks, or says in one sentence what is missing and how to get it.
#
#   tests/install.sh NEED...
#   NEED is rust, lints, node, display, compiler, window, tests, python, cargo-nextest or cargo-deny
#
# Nothing is asked of apt or cargo while nothing is missing, so that a make target may call it every time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly RUST=1.95 NODE=20.19
readonly TOOLS=$PWD/target/tools
PATH=$TOOLS/bin:$PATH

# Debian package | the command that fails while it is missing
readonly COMPILER='
gcc                   | command -v cc
libc6-dev             | cc -x c -o /dev/null - <<<"int main(void) { return 0; }"
'
readonly WINDOW='
pkg-config            | command -v pkg-config
libwebkit2gtk-4.1-dev | pkg-config --exists webkit2gtk-4.1
'
readonly TESTS='
webkit2gtk-driver     | command -v WebKitWebDriver
xvfb                  | command -v xvfb-run
xauth                 | command -v xauth
xdotool               | command -v xdotool
x11-utils             | command -v xwininfo
wmctrl                | command -v wmctrl
imagemagick           | command -v import
openbox               | command -v openbox
fonts-dejavu-core     | test -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf || fc-list | grep -q DejaVuSans.ttf
iproute2              | command -v ip
dbus                  | command -v dbus-run-session
gnome-keyring         | command -v gnome-keyring-daemon
chromium              | command -v chromium
php-cli               | command -v php
php-xml               | php -m | grep -qx dom
php-mbstring          | php -m | grep -qx mbstring
php-curl              | php -m | grep -qx curl
simplesamlphp         | test -e /usr/share/simplesamlphp/www/module.php
openssl               | command -v openssl
xmlsec1               | command -v xmlsec1
'

readonly PYTHON='
python3               | command -v python3
python3-venv          | python3 -c "import ensurepip, venv"
'

main() {
  [ $# -gt 0 ] || stop "Name what is needed: tests/install.sh NEED..."
  local need table=''
  for need in "$@"; do
    case $need in
      compiler) table+=$COMPILER ;;
      window) table+=$WINDOW ;;
      tests) table+=$TESTS ;;
      python) table+=$PYTHON ;;
      rust | lints | node | display | cargo-nextest | cargo-deny) ;;
      *) stop "tests/install.sh knows nothing called '$need'." ;;
    esac
  done

  # What only a person can put right comes first: nobody should wait for packages to learn of it.
  for need in "$@"; do
    case $need in
      rust) need_rust ;;
      lints) need_lints ;;
      node) need_node ;;
      display) need_display ;;
    esac
  done
  install_packages "$table"
  for need in "$@"; do
    case $need in
      # Any release since this one reads .config/nextest.toml.
      cargo-nextest) cargo_tool cargo-nextest 0.9.100 0.9.151 --no-default-features --features default-no-update ;;
      cargo-deny) cargo_tool cargo-deny 0.20.0 0.20.2 ;;
      python) python_packages ;;
    esac
  done
}

need_rust() {
  command -v cargo >/dev/null && command -v rustc >/dev/null ||
    stop "Rust is missing: install version $RUST or newer from https://rustup.rs and open a new shell."
  local found
  found=$(version_of rustc)
  at_least "$RUST" "$found" ||
    stop "Rust $RUST or newer is needed and rustc is ${found:-of no version it can tell}: run 'rustup update stable', or install it from https://rustup.rs."
}

need_lints() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 ||
    stop "rustfmt or clippy is missing: run 'rustup component add rustfmt clippy'."
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    stop "Node is missing: install version $NODE or newer, with npm, from https://nodejs.org."
  local found
  found=$(version_of node)
  at_least "$NODE" "$found" ||
    stop "Node $NODE or newer is needed and node is ${found:-of no version it can tell}: install it from https://nodejs.org."
}

need_display() {
  [ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ||
    stop "There is no display to open the wizard on: run this in a desktop session, or log in by 'ssh -X'."
}

# Installs the Debian packages of a table whose command fails.
install_packages() {
  local package probe missing=()
  while IFS='|' read -r package probe; do
    [ -n "$package" ] || continue
    bash -c "$probe" >/dev/null 2>&1 || missing+=("${package// /}")
  done <<<"$1"
  [ ${#missing[@]} -gt 0 ] || return 0

  command -v apt-get >/dev/null ||
    stop "These Debian packages, or what they are called here, are missing and there is no apt-get to install them: ${missing[*]}."
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null ||
      stop "These packages are missing: run 'sudo apt-get install --no-install-recommends ${missing[*]}'."
    as_root=(sudo -n)
  fi
  local site=/usr/sbin/apache2 had_site=
  [ ! -e "$site" ] || had_site=yes
  echo "Installing ${missing[*]}."
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update </dev/null || true # An old list may still serve; a missing package is told of by the install.
  "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null >target/apt.log 2>&1 || {
    tail -n 20 target/apt.log >&2
    stop "apt-get could not install ${missing[*]}: its last lines are above, the rest in target/apt.log."
  }
  # SimpleSAMLphp brings a web server that nothing here uses: where there was none, none is left listening.
  if [ -z "$had_site" ] && [ -e "$site" ]; then
    "${as_root[@]}" service apache2 stop >/dev/null 2>&1 || true
    "${as_root[@]}" update-rc.d apache2 disable >/dev/null 2>&1 || true
  fi
}

# cargo_tool NAME OLDEST EXACT [FEATURES...]: any version from OLDEST on the PATH will do; else EXACT is built.
cargo_tool() {
  local name=$1 oldest=$2 exact=$3
  shift 3
  if command -v "$name" >/dev/null; then
    [ -n "$oldest" ] || return 0
    ! at_least "$oldest" "$(version_of "$name")" || return 0
  fi
  echo "Building $name $exact into target/tools (once; one to three minutes)."
  # Their own release profiles link everything at once for speed that a tool run once a day does not need.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --quiet --locked --version "$exact" --root "$TOOLS" "$@" "$name" ||
    stop "$name $exact could not be built: see above, then run 'cargo install --locked --version $exact $name'."
}

# What tests/people asks for, in an environment of its own: whole, or not there.
python_packages() {
  local wanted=tests/people/requirements.txt made=$TOOLS/python
  ! cmp -s "$wanted" "$made/installed.txt" || return 0
  echo "Installing DuckDB and scim2-server into target/tools (once; about ten seconds)."
  rm -rf "$made"
  python3 -m venv "$made" && "$made/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" ||
    stop "The Python packages of $wanted could not be installed: see above."
  cp "$wanted" "$made/installed.txt"
}

version_of() {
  "$1" --version 2>/dev/null | sed -nE '1s/^[^0-9]*([0-9]+(\.[0-9]+)+).*/\1/p'
}

# at_least WANTED FOUND
at_least() {
  [ -n "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

stop() {
  echo "$1" >&2
  exit 1
}

mkdir -p target
main "$@"
