# shellcheck shell=bash disable=SC2034 # the lists are for who sources this
# Debian packages by purpose, and how to get them. Sourced by the scripts beside it.

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config libssl-dev libsqlite3-dev nlohmann-json3-dev libexpected-dev
  libcli11-dev libfcgi-dev libcrypt-dev libkainjow-mustache-dev libcurl4-openssl-dev)
# apache2-bin is Apache without a service of its own.
SERVER_PACKAGES=(lighttpd lighttpd-mod-openssl apache2-bin libapache2-mod-auth-openidc openssl ca-certificates)
# Beyond what the demo runs: for the tests under every server, and of what starts services.
MORE_SERVER_PACKAGES=(nginx libapache2-mod-fcgid spawn-fcgi systemd)
BROWSER_PACKAGES=(chromium chromium-driver python3 python3-selenium fonts-dejavu-core)
TEST_PACKAGES=(libgtest-dev libgmock-dev python3 python3-jwcrypto python3-cryptography clang-format-14 clang-tidy-14
  clang-14 curl sqlite3 git procps groff-base shellcheck)
# libclang-rt-14-dev has libFuzzer, and what the sanitizers of clang 14 need to run.
FUZZ_PACKAGES=(clang-14 libclang-rt-14-dev libgtest-dev libgmock-dev python3)
# A machine may have a Node.js of its own, which Debian's would not install beside.
command -v npm >/dev/null || TEST_PACKAGES+=(npm)

packages_script=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/install-packages

# as_root COMMAND...: directly, or through sudo
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || { echo "this needs root: run it as root, or as a user who may use sudo" >&2; return 1; }
  sudo "$@"
}

# install_packages NAME...: what is missing of them
install_packages() {
  local installed name missing=()
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p') || true
  for name in "$@"; do grep -qxF -e "$name" <<<"$installed" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing from Debian: ${missing[*]}"
  as_root "$packages_script" "${missing[@]}"
}

# ensure_localhost: a root made by debootstrap has no /etc/hosts yet, and then nothing here finds "localhost".
ensure_localhost() {
  getent hosts localhost >/dev/null && return 0
  echo "Adding localhost to /etc/hosts"
  printf '127.0.0.1\tlocalhost\n' | as_root tee -a /etc/hosts >/dev/null
}
