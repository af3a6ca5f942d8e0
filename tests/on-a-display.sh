#!/usr/bin/env bash
# Runs a command on a display, a session bus and a keychain of its own, all gone when it ends.
#
#   tests/on-a-display.sh COMMAND...
#
# The command sees no window, secret, setting or file of the person who runs it.
set -euo pipefail

outside() {
  local home
  home=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now, not of then
  trap "rm -rf '$home'" EXIT
  mkdir -m 700 "$home/run"
  env -u WAYLAND_DISPLAY -u DBUS_SESSION_BUS_ADDRESS \
    XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" \
    XDG_STATE_HOME="$home/state" XDG_RUNTIME_DIR="$home/run" \
    GDK_BACKEND=x11 GSETTINGS_BACKEND=memory LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 \
    xvfb-run --auto-servernum --server-args='-screen 0 1600x1200x24 -nolisten tcp' \
    dbus-run-session -- "${BASH_SOURCE[0]}" --inside "$@"
}

inside() {
  local openbox keyring
  openbox --sm-disable >/dev/null 2>&1 &
  openbox=$!
  # An empty password: the keychain is as short-lived as the folder that it lies in.
  gnome-keyring-daemon --foreground --unlock --components=secrets <<<'' >/dev/null 2>&1 &
  keyring=$!
  # shellcheck disable=SC2064
  trap "kill $openbox $keyring 2>/dev/null || true; wait $openbox $keyring 2>/dev/null || true" EXIT
  within_10_s "The window manager" wmctrl -m
  within_10_s "The keychain" keychain_answers
  "$@"
}

keychain_answers() {
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner \
    string:org.freedesktop.secrets
}

within_10_s() {
  local what=$1 deadline=$((SECONDS + 10))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "$what did not answer within 10 seconds." >&2
      return 1
    fi
    sleep 0.05
  done
}

if [ "${1:-}" = --inside ]; then
  shift
  inside "$@"
else
  outside "$@"
fi
