# syntax=docker/dockerfile:1
# A static binary and nothing else:
#
#   docker build -t composelint .
#   docker run --rm -v "$PWD:/work:ro" composelint
FROM rust:1.95-alpine3.22 AS build
RUN apk add --no-cache musl-dev=~1.2
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/composelint /composelint

FROM scratch
COPY --from=build /composelint /composelint
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/composelint"]
