#!/usr/bin/env bash
# The step of action.yml: takes its inputs from the environment and runs the composelint in PATH.
set -euo pipefail

lines() { # the lines of $1 that are not empty, into the array `items`
    items=()
    while IFS= read -r line; do
        if [ -n "$line" ]; then items+=("$line"); fi
    done <<<"$1"
}

arguments=(check --format github)
if [ -n "${INPUT_PRESET:-}" ]; then arguments+=("--preset=$INPUT_PRESET"); fi
if [ -n "${INPUT_FAIL_ON:-}" ]; then arguments+=("--fail-on=$INPUT_FAIL_ON"); fi
if [ -n "${INPUT_SARIF_FILE:-}" ]; then arguments+=("--output=sarif=$INPUT_SARIF_FILE"); fi
summary=
if [ "${INPUT_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    summary=$(mktemp)
    arguments+=("--output=markdown=$summary")
fi
lines "${INPUT_ARGS:-}"
arguments+=(${items[@]+"${items[@]}"} --)
lines "${INPUT_PATHS:-.}"
arguments+=(${items[@]+"${items[@]}"})

status=0
composelint "${arguments[@]}" || status=$?
if [ -n "$summary" ]; then
    cat "$summary" >>"$GITHUB_STEP_SUMMARY"
    rm -f "$summary"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "exit-code=$status" >>"$GITHUB_OUTPUT"; fi
exit "$status"
