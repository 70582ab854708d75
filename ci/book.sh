#!/usr/bin/env bash
# Builds the book of docs/ into target/book. It needs mdbook in PATH, or in target/tools from `.ci/run`.
#
# The sources are assembled in target/book-src: the pages of docs/, and the pages of rules/ as chapters
# below the list of rules. So docs/ stays what a reader of the repository sees, and the book has all
# that its links lead to. A warning of mdbook is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

PATH=$PATH:$PWD/target/tools/bin
book=target/book-src
rm -rf "$book" target/book
mkdir -p "$book/src"
cp docs/book.toml docs/book.css "$book"
cp -r docs/*.md rules schemas "$book/src"

# Links from docs/ to what is beside it.
for page in "$book"/src/*.md; do
    sed -e 's|](\.\./rules/|](rules/|g' -e 's|](\.\./schemas/|](schemas/|g' "$page" >"$book/page"
    mv "$book/page" "$page"
done

# The chapters of the rules, as the list of rules has them: a page for each category with its table.
mkdir "$book/categories"
awk -v pages="$book/categories" '
    FILENAME ~ /rules\.md$/ {
        if (/^## /) {
            category = substr($0, 4)
            chapters = chapters sprintf("  - [%s](rules/%s.md)\n", category, category)
            print "# " category > (pages "/" category ".md")
            next
        }
        if (category == "") next
        if (match($0, /^\| \[`[^`]*`\]\([^)]*\)/)) {
            link = substr($0, 3, RLENGTH - 2)
            gsub(/`/, "", link)
            chapters = chapters sprintf("    - %s\n", link)
        }
        sub(/\]\(rules\//, "](")
        print > (pages "/" category ".md")
        next
    }
    { print }
    /\]\(rules\.md\)/ { printf "%s", chapters }
' "$book/src/rules.md" "$book/src/SUMMARY.md" >"$book/summary"
mv "$book/summary" "$book/src/SUMMARY.md"
mv "$book"/categories/*.md "$book/src/rules"

status=0
log=$(mdbook build "$book" 2>&1) || status=$?
printf '%s\n' "$log" >&2
if [ "$status" != 0 ]; then exit "$status"; fi
if grep --quiet -e WARN -e ERROR <<<"$log"; then
    echo "error: mdbook warns" >&2
    exit 1
fi
