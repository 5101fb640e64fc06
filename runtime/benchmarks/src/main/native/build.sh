#!/bin/sh
# Builds the library of the benchmarks: build.sh OUTPUT_FOLDER. Needs gcc.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
sh "$here/../../../../../bundles/io.opgraft.example.addsub/src/main/native/build.sh" "$1/libbench.so" "$here/ops.c"
