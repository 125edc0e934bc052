#!/usr/bin/env bash
# The walls between the parts, as greps over the includes (ARCHITECTURE.md, "Parts and walls").
# CMake alone cannot guard them: Debian keeps ATen/, c10/ and torch/ in /usr/include. Usage: layering.sh SOURCE_DIR
set -uo pipefail
cd "$1" || exit 1
failed=0

# forbid FOLDER PATTERN WHY: no file below FOLDER may include what PATTERN matches.
forbid() {
  local hits
  hits=$(grep -rnE --include='*.h' --include='*.cpp' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$2" "$1")
  if [[ -n $hits ]]; then printf '%s\n%s\n' "$3:" "$hits"; failed=1; fi
}

# uses FOLDER OTHERS: files below FOLDER include from this project only itself and OTHERS (alternatives of a regex).
uses() {
  local hits
  hits=$(grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include[[:space:]]*"(core|ui|app|tests)/' "$1" \
    | grep -vE "include[[:space:]]*\"($1|$2)/")
  if [[ -n $hits ]]; then printf '%s may not use:\n%s\n' "$1" "$hits"; failed=1; fi
}

forbid core '(Q[A-Z]|Qt|ui/|app/)' 'core has no Qt and knows nothing of ui or app'
forbid ui '(torch|ATen|c10|caffe2)/' 'ui never sees torch'
forbid app '(torch|ATen|c10|caffe2)/' 'app never sees torch'
# But for the reference that is built from LibTorch's own modules.
if hits=$(grep -rnE --include='*.h' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"](torch|ATen|c10|caffe2)/' tests \
    | grep -v '^tests/core/engine/Torch[A-Za-z]*\.'); then
  printf 'tests use the headers of core/engine only:\n%s\n' "$hits"; failed=1
fi
for part in base data metrics model exchange explain store jobs workbench; do
  forbid "core/$part" '(torch|ATen|c10|caffe2)/' "LibTorch stays behind core/engine"
done
# The wall itself: headers of core/engine are std only.
if hits=$(grep -nE '#[[:space:]]*include[[:space:]]*[<"](torch|ATen|c10)/' core/engine/[A-Z]*.h | grep -v 'Torch[A-Za-z]*\.h:'); then
  printf 'headers of core/engine hide LibTorch:\n%s\n' "$hits"; failed=1
fi
# Qt Charts is deprecated upstream, so only ui/charts draws with it.
for folder in ui/*/ app; do
  [[ $folder == ui/charts/ ]] || forbid "${folder%/}" '(QtCharts|QChart|QLineSeries|QValueAxis|QLogValueAxis)' 'Qt Charts is used in ui/charts only'
done

uses core/base 'core/base'
uses core/data 'core/base'
uses core/metrics 'core/base'
uses core/model 'core/base|core/data|core/metrics'
uses core/exchange 'core/base|core/data|core/metrics|core/model'
uses core/engine 'core/base|core/data|core/metrics|core/model'
uses core/explain 'core/base|core/data|core/metrics|core/model'
uses core/store 'core/base|core/data|core/metrics|core/model'
uses core/jobs 'core/base'
uses core/workbench 'core/base|core/data|core/metrics|core/model|core/engine|core/explain|core/store|core/jobs'
uses ui/text 'core/base|core/model'
uses ui/theme 'core/base'
uses ui/widgets 'core/base|ui/theme|ui/text'
uses ui/charts 'core/base|core/data|core/metrics|core/explain|ui/theme|ui/text'
uses ui/session 'core/[a-z]+|ui/text'
uses ui/report 'core/[a-z]+|ui/text|ui/theme|ui/charts'
for page in data network train explain models; do
  uses "ui/$page" 'core/[a-z]+|ui/text|ui/theme|ui/widgets|ui/charts|ui/report|ui/session'
done
uses ui/shell 'core/[a-z]+|ui/[a-z]+'

exit $failed
