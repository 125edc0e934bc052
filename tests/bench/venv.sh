#!/bin/sh
# Makes the Python environment of the benchmarks and prints its interpreter: tests/bench/venv.sh [DIR]
# DIR is build/venv where it is not given. What goes in is listed in requirements.txt beside this file.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-$here/../../build/venv}
wanted=$(cksum < "$here/requirements.txt")
if [ ! -x "$dir/bin/python" ] || [ "$(cat "$dir/.requirements" 2>/dev/null || true)" != "$wanted" ]; then
    python3 -m venv "$dir" >&2
    "$dir/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
    printf '%s\n' "$wanted" > "$dir/.requirements"
fi
printf '%s\n' "$dir/bin/python"
