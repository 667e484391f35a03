#!/bin/sh
# The Debian packages that pip cannot bring: `render` for the bpy module, `test` for the tests of the real
# Blender. As root on Debian what is missing is installed; otherwise it is named, with the command to run.
set -eu

render="libx11-6 libxi6 libxxf86vm1 libxfixes3 libxrender1 libxkbcommon0 libsm6 libice6 libgl1 libegl1 libgomp1"
test="blender python3-numpy xvfb"

case "${1:-}" in
render) wanted="$render" ;;
test) wanted="$render $test" ;;
*)
    echo "system_packages.sh: received '${1:-}', expected render or test" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    exit 0 # not Debian: what is missing will say so itself
fi
missing=""
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
if [ -z "$missing" ]; then
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "missing Debian packages; run: sudo apt-get install$missing" >&2
    [ "$1" = test ] || exit 1 # tests that need Blender skip themselves and say why
fi
