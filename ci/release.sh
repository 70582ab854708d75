#!/usr/bin/env bash
# Builds what a release has for one target: target/dist/composelint-TARGET.tgz and its checksum.
#
#   ci/release.sh [TARGET]      the machine's own if none is named
#
# The binary is linked statically, so that it starts sooner and runs on every system of its kind. The name
# of the archive and the place of the binary in it are what Cargo.toml tells cargo-binstall.
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
target=${1:-$host}
suffix=
case $target in *windows*) suffix=.exe ;; esac

# With --target the flags are not those of build scripts and procedural macros, which cannot be static.
case $target in
*-apple-*) ;;
# At a fixed address nothing is relocated at the start, which is a quarter of a short run.
*-linux-*) export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static -C relocation-model=static" ;;
*) export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" ;;
esac
cargo build --release --locked --target "$target"
binary=target/$target/release/composelint$suffix

name=composelint-$target
stage=target/dist/$name
rm -rf "$stage"
mkdir -p "$stage/completions" "$stage/man"
cp "$binary" README.md LICENSE-APACHE LICENSE-MIT "$stage"

# Completions and manual pages are made by the binary; for a system of another kind, by one for this.
run=$binary
if [ "$target" != "$host" ]; then
    cargo build --release --locked
    run=target/release/composelint
fi
"$run" completions bash >"$stage/completions/composelint.bash"
"$run" completions zsh >"$stage/completions/_composelint"
"$run" completions fish >"$stage/completions/composelint.fish"
"$run" man "$stage/man"

# The same input makes the same archive.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C target/dist -cf - "$name" |
    gzip -9n >"target/dist/$name.tgz"
(cd target/dist && sha256sum "$name.tgz" >"$name.tgz.sha256" && cat "$name.tgz.sha256")
