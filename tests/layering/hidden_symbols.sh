#!/usr/bin/env bash
# Fails where a program exports a Qt symbol of its own. Usage: hidden_symbols.sh PROGRAM...
set -uo pipefail
for program in "$@"; do
  symbols=$(nm -D --defined-only -C "$program") || exit 1
  # Copy relocations ("B"/"V" of Qt's own data) are the loader's business; functions ("T", "W") are ours.
  if visible=$(grep -E ' [TW] .*\bQ[A-Z][A-Za-z]+' <<<"$symbols" | head -5) && [[ -n $visible ]]; then
    printf '%s exports Qt symbols:\n%s\n' "$program" "$visible"; exit 1
  fi
done
