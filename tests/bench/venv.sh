#!/bin/sh
# Makes a Python environment of the benchmarks and prints its interpreter: tests/bench/venv.sh [REQUIREMENTS [DIR]]
# REQUIREMENTS is a file beside this one (requirements.txt where it is not given); DIR is build/venv, or for another file
# build/venv-NAME of requirements-NAME.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
file=${1:-requirements.txt}
name=$(basename "$file" .txt)
dir=${2:-$here/../../build/venv${name#requirements}}
wanted=$(cksum < "$here/$file")
if [ ! -x "$dir/bin/python" ] || [ "$(cat "$dir/.requirements" 2>/dev/null || true)" != "$wanted" ]; then
    python3 -m venv "$dir" >&2
    "$dir/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/$file" >&2
    printf '%s\n' "$wanted" > "$dir/.requirements"
fi
printf '%s\n' "$dir/bin/python"
