#!/usr/bin/env bash
# Checks each dossier that a change touches, and compares it with what it was at $BASE.
#
#   BASE=main DOSSIERS=agreements/openai-dow FAIL_ON=looser SPEAK=en bash action/review.sh
#
# Leaves a comment in Markdown and a folder of SARIF, and writes where they are, the verdict and whether it fails to
# $GITHUB_OUTPUT. It talks to nobody but git; it exits 0 whatever the verdict, for the comment must still be sent.
set -euo pipefail

out="$RUNNER_TEMP/avenant"
rm -rf "$out"
mkdir -p "$out/base" "$out/sarif"
comment="$out/comment.md"
verdict=good

case "$FAIL_ON" in looser | errors | never) ;; *)
  echo "::error::fail-on is looser, errors or never, and not '$FAIL_ON'"
  exit 2
  ;;
esac

# The worse of two verdicts stays.
judge() {
  local order="good errors unfinished looser unreadable" one
  for one in $order; do
    if [ "$one" = "$verdict" ]; then verdict="$1"; return; fi
    if [ "$one" = "$1" ]; then return; fi
  done
}

# The number of the last instrument in a folder.
last() {
  find "$1" -maxdepth 1 -name '[0-9]*-*.md' -printf '%f\n' | sed -n 's/^\([0-9]*\)-[a-z-]*\.md$/\1/p' | sort -n | tail -1
}

# What avenant said on standard error, as a block that nothing in it can leave.
said() {
  printf '\n'
  sed 's/^/    /' "$1"
  printf '\n'
}

# The folders with an agreement in which something changed, each once.
touched() {
  git diff --name-only -z "$BASE" HEAD | while IFS= read -r -d '' file; do
    folder=$(dirname "$file")
    case "$folder" in */statements | */signatures) folder=$(dirname "$folder") ;; esac
    if [ -f "$folder/0-agreement.md" ]; then printf '%s\n' "$folder"; fi
  done | sort -u
}

# A checkout has only its own commit unless it is told otherwise.
if [ -n "$BASE" ] && ! git cat-file -e "$BASE^{commit}" 2>/dev/null; then
  git fetch --quiet --depth=1 origin "$BASE" 2>/dev/null || true
fi
if ! git cat-file -e "$BASE^{commit}" 2>/dev/null; then
  echo "::error::there is no commit '$BASE' to compare with; let the checkout fetch it (fetch-depth: 0)"
  exit 2
fi

if [ -n "${DOSSIERS//[[:space:]]/}" ]; then
  mapfile -t dossiers < <(printf '%s' "$DOSSIERS" | tr -s '[:space:]' '\n' | sed '/^$/d; s:/*$::')
else
  mapfile -t dossiers < <(touched)
fi

for dossier in "${dossiers[@]}"; do
  name=$(printf '%s' "$dossier" | tr -c 'A-Za-z0-9._-' '-')
  # With a slash before it, no folder's name is an option.
  case "$dossier" in /*) here="$dossier" ;; *) here="./$dossier" ;; esac
  number=$(last "$here" 2>/dev/null || true)
  checked=0
  avenant --lang "$SPEAK" check "$here@${number:-0}" --sarif "$out/sarif/$name.sarif" \
    --markdown "$out/check.md" >/dev/null 2>"$out/errors" || checked=$?
  case "$checked" in
    0) ;;
    1) judge errors ;;
    3) judge unfinished ;;
    *)
      judge unreadable
      said "$out/errors" >>"$comment"
      continue
      ;;
  esac

  # What stood there before, as far as it can be read.
  before=""
  if git cat-file -e "$BASE:$dossier" 2>/dev/null; then
    git archive "$BASE" -- "$dossier" | tar -x -C "$out/base"
    before="$out/base/$dossier@$(last "$out/base/$dossier")"
    if ! avenant show "$before" >/dev/null 2>&1; then before=""; fi
  fi
  if [ -z "$before" ]; then
    cat "$out/check.md" >>"$comment"
    continue
  fi

  compared=0
  avenant --lang "$SPEAK" compare "$before" "$here@$number" --fail-on looser \
    --markdown "$out/compare.md" >/dev/null 2>"$out/errors" || compared=$?
  case "$compared" in
    0) ;;
    1) judge looser ;;
    3) judge unfinished ;;
    *)
      judge unreadable
      said "$out/errors" >>"$comment"
      continue
      ;;
  esac
  {
    # shellcheck disable=SC2016  the backticks are Markdown's
    printf '`%s` · `%s` → `%s`\n\n' "${dossier//\`/}" \
      "$(git rev-parse --short "$BASE")" "$(git rev-parse --short HEAD)"
    cat "$out/compare.md"
  } >>"$comment"
done

fails=false
case "$verdict:$FAIL_ON" in
  unreadable:*) fails=true ;;
  looser:looser | unfinished:looser) fails=true ;;
  good:*) ;;
  *:errors) fails=true ;;
esac

if [ -s "$comment" ]; then cat "$comment" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"; fi
touch "$comment"
{
  echo "verdict=$verdict"
  echo "fails=$fails"
  echo "comment=$comment"
  echo "sarif=$out/sarif"
} >>"${GITHUB_OUTPUT:-/dev/stdout}"
