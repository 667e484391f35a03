#!/bin/sh
# What pip cannot bring: `setup` for Python 3.11 and the libraries the bpy module links to, `test` for the
# tests of the real Blender, of pages in a browser and of the farm's script. As root on Debian what is missing is
# installed; otherwise it is named.
set -eu

libraries="libx11-6 libxext6 libxi6 libxfixes3 libxrender1 libxkbcommon0 libsm6 libice6 libgl1 libegl1"
programs="blender python3-numpy xvfb xdotool imagemagick patch procps chromium nodejs"
python="${PYTHON:-python3.11}"

case "${1:-}" in
setup) wanted="$libraries" ;;
test) wanted="$programs" ;;
*)
    echo "system_packages.sh: received '${1:-}', expected setup or test" >&2
    exit 2
    ;;
esac

has_python() { "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

if ! command -v dpkg-query >/dev/null 2>&1; then
    if ! has_python; then
        echo "Python 3.11 with venv is missing (the bpy module is built for it); install it, or set PYTHON" >&2
        exit 1
    fi
    exit 0 # not Debian: a missing library will name itself
fi

missing=""
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
if [ "$1" = setup ] && ! has_python; then
    missing="$missing python3.11 python3.11-venv"
fi
if [ -z "$missing" ]; then
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    echo "installing the Debian packages$missing" >&2
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
elif [ "$1" = test ]; then
    echo "the tests of the real Blender and of pages in a browser are skipped; for them: sudo apt-get install$missing" >&2
else
    echo "Debian packages are missing; run: sudo apt-get install$missing" >&2
    exit 1
fi
