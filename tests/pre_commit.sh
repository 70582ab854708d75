#!/usr/bin/env bash
# Runs the hooks of .pre-commit-hooks.yaml in a scratch repository, as a user's pre-commit would.
#
#   tests/pre_commit.sh                           the hooks as users get them: built from the last commit
#   COMPOSELINT_HOOK=python tests/pre_commit.sh   the same, built by pip
#   COMPOSELINT_HOOK=system tests/pre_commit.sh   the same with the binary $COMPOSELINT_BIN
#                                                 (target/debug/composelint if unset), in seconds
#
# pre-commit itself is installed from PyPI into a scratch environment, unless $PRE_COMMIT names one.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
hook=${COMPOSELINT_HOOK:-rust}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Nothing of the user's own set-up takes part.
export PRE_COMMIT_HOME=$scratch/cache
export GIT_CONFIG_GLOBAL=$scratch/gitconfig GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git config --global user.name nobody
git config --global user.email nobody@example.com
git config --global init.defaultBranch main
git config --global --add safe.directory '*'

if [ -z "${PRE_COMMIT:-}" ]; then
    python3 -m venv "$scratch/venv"
    "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check pre-commit
    PRE_COMMIT=$scratch/venv/bin/pre-commit
fi

repository=$scratch/repository
git init --quiet "$repository"
cd "$repository"

# hook_of ID ENTRY: the hook with this identity as one of a local repository that runs ENTRY.
hook_of() {
    printf 'repos:\n  - repo: local\n    hooks:\n'
    awk -v wanted="- id: $1" '/^- id: /{ on = $0 == wanted } on && !/^#/{ print "      " $0 }' \
        "$root/.pre-commit-hooks.yaml" |
        sed -e 's/language: rust/language: system/' -e "s|entry: composelint check|entry: $2|"
}

# configure ID: the repository has this hook and no other.
configure() {
    case $hook in
    system) hook_of "$1" "$binary check" ;;
    python) printf 'repos:\n  - repo: %s\n    rev: HEAD\n    hooks:\n      - id: %s\n' "$root" "$1-python" ;;
    rust) printf 'repos:\n  - repo: %s\n    rev: HEAD\n    hooks:\n      - id: %s\n' "$root" "$1" ;;
    esac >.pre-commit-config.yaml
}

binary=${COMPOSELINT_BIN:-$root/target/debug/composelint}
case $hook in
rust | python) ;;
system) [ -x "$binary" ] || { echo "error: there is no binary at $binary; run cargo build" >&2; exit 2; } ;;
*)
    echo "error: COMPOSELINT_HOOK is rust, python or system, not \`$hook\`" >&2
    exit 2
    ;;
esac
configure composelint

failed=0
# expect NAME EXIT TEXT: pre-commit ends with EXIT over what is staged, and prints TEXT.
expect() {
    local name=$1 wanted=$2 text=$3 status=0 printed
    git add --all
    printed=$("$PRE_COMMIT" run --all-files --color never 2>&1) || status=$?
    if [ "$status" = "$wanted" ] && grep --quiet --fixed-strings -e "$text" <<<"$printed"; then
        echo "ok: $name"
    else
        echo "FAILED: $name: exit code $status, wanted $wanted with \`$text\`"
        sed 's/^/    /' <<<"$printed"
        failed=1
    fi
}

service='services:
  web:
    image: ghcr.io/example/web:1.0
    user: "1000"
    mem_limit: 64m
    healthcheck:
      test: ["CMD", "/web", "alive"]
'

printf '# not for us\n' >README.md
expect "a repository without such files is skipped" 0 "Skipped"

printf '%s' "$service" >compose.yaml
expect "a clean file passes" 0 "Passed"

mkdir deploy
printf 'version: "3.8"\n\n%s' "$service" >deploy/docker-compose.yml
expect "a warning fails" 1 "exit code: 1"
expect "the finding is shown" 1 "deploy/docker-compose.yml:1:1"
rm -r deploy

printf 'version: "3.8"\n\n%s' "$service" >--fix.compose.yaml
expect "a name that starts with a dash is a file" 1 "exit code: 1"
expect "its finding is shown" 1 "--fix.compose.yaml:1:1"
grep --quiet '^version' ./--fix.compose.yaml || { echo "FAILED: a file name was taken for an option"; failed=1; }
rm ./--fix.compose.yaml

printf 'version: "3.8"\n\n%s' "$service" >"two words.compose.yaml"
expect "a name with a space is one file" 1 "two words.compose.yaml:1:1"
rm "two words.compose.yaml"

# A base file brings its overlay, but only what changed is shown.
printf 'version: "3.8"\n\nservices:\n  web:\n    restart: always\n' >compose.prod.yaml
git add --all
status=0
"$PRE_COMMIT" run --color never --files compose.yaml >/dev/null 2>&1 || status=$?
if [ "$status" = 0 ]; then
    echo "ok: findings in files that were not given are not shown"
else
    echo "FAILED: a finding in another file than those given"
    failed=1
fi

if [ "$hook" != python ]; then
    # The hook that fixes stops the commit that it changes, and lets the next one through.
    rm compose.prod.yaml
    configure composelint-fix
    printf 'version: "3.8"\n\n%s' "$service" >compose.yaml
    expect "the fix is made, and looked at before it is committed" 1 "fixed 1 finding in 1 file"
    [ "$(cat compose.yaml)" = "${service%$'\n'}" ] || { echo "FAILED: the fix is another one"; failed=1; }
    expect "what is fixed passes" 0 "Passed"
fi

# The pattern of the hook means the files that the command finds by itself.
ours='compose.yaml compose.yml compose.override.yaml docker-compose.yml docker-compose.yaml
    docker-compose.prod.yml docker-compose-dev.yml docker-compose_test.yml shop.compose.yml
    Dockerfile dockerfile Dockerfile.dev api.Dockerfile api.dockerfile Containerfile Containerfile.test'
others='compose.json composer.yaml compose-dev.yaml values.yaml docker-compose.yml.orig MyDockerfile
    dockerfile.txt Dockerfile.dockerignore Dockerfile.dev.dockerignore .dockerignore'
rm -r -- *
number=0
for name in $ours $others; do
    number=$((number + 1))
    mkdir "$number"
    case $name in
    *.y*ml) printf '%s' "$service" >"$number/$name" ;;
    *) printf 'FROM alpine:3.22\nUSER 1000\n' >"$number/$name" ;;
    esac
done
{
    hook_of composelint 'ls -1'
    printf '        verbose: true\n'
} >.pre-commit-config.yaml
git add --all
matched=$("$PRE_COMMIT" run --all-files --color never | sed -n 's|^[0-9]*/||p' | sort | xargs)
wanted=$(xargs -n 1 <<<"$ours" | sort | xargs)
if [ "$matched" = "$wanted" ]; then
    echo "ok: the pattern matches what it is meant to"
else
    echo "FAILED: the pattern matches: $matched"
    failed=1
fi
if [ "$hook" = system ]; then
    read -r -a count <<<"$wanted"
    found=$("$binary" check --format concise . | tail -n 1) || true
    case $found in
    *" in ${#count[@]} files"*) echo "ok: the command finds the same files" ;;
    *) echo "FAILED: the command says: $found, and the pattern matches ${#count[@]} files"; failed=1 ;;
    esac
fi

exit "$failed"
