# Debian packages by purpose, and how to get them. Sourced by the scripts beside it.

BUILD_PACKAGES="g++ cmake ninja-build pkg-config libssl-dev libsqlite3-dev nlohmann-json3-dev libexpected-dev
  libcli11-dev libfcgi-dev libcrypt-dev libkainjow-mustache-dev"
SERVER_PACKAGES="lighttpd lighttpd-mod-openssl apache2 libapache2-mod-auth-openidc openssl ca-certificates"
BROWSER_PACKAGES="chromium chromium-driver python3 python3-selenium fonts-dejavu-core"
TEST_PACKAGES="libgtest-dev libgmock-dev python3 clang-format-14 clang-tidy-14 clang-14 curl sqlite3 git procps groff-base"
# A machine may have a Node.js of its own, which Debian's would not install beside.
command -v npm >/dev/null || TEST_PACKAGES="$TEST_PACKAGES npm"

if [ "$(id -u)" -eq 0 ]; then AS_ROOT=""; else AS_ROOT="sudo"; fi

is_installed() { dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

# install_packages NAME...: what is missing of them, without starting any service on this machine.
install_packages() {
  local missing="" name
  for name in "$@"; do is_installed "$name" || missing="$missing $name"; done
  [ -n "$missing" ] || return 0
  echo "Installing from Debian:$missing"
  local policy=/usr/sbin/policy-rc.d made=""
  if [ ! -e "$policy" ]; then
    made=yes
    printf '#!/bin/sh\nexit 101\n' | $AS_ROOT tee "$policy" >/dev/null && $AS_ROOT chmod 755 "$policy"
  fi
  local status=0
  $AS_ROOT apt-get -qq update || status=$?
  # shellcheck disable=SC2086
  [ $status -ne 0 ] || $AS_ROOT env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends install $missing </dev/null >/tmp/oidcop-apt.log 2>&1 || status=$?
  [ -z "$made" ] || $AS_ROOT rm -f "$policy"
  [ $status -eq 0 ] || { tail -n 20 /tmp/oidcop-apt.log >&2; echo "cannot install:$missing" >&2; return 1; }
}

# ensure_localhost: a root made by debootstrap has no /etc/hosts yet, and then nothing here finds "localhost".
ensure_localhost() {
  getent hosts localhost >/dev/null && return 0
  echo "Adding localhost to /etc/hosts"
  printf '127.0.0.1\tlocalhost\n' | $AS_ROOT tee -a /etc/hosts >/dev/null
}
