#!/bin/sh
# Builds both versions of the library: versions.sh OUTPUT_FOLDER writes OUTPUT_FOLDER/<version>/libaddsub.so
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=$1

sh "$here/build.sh" "$output/1.0.0/libaddsub.so" "$here/addsub.cc"
sh "$here/build.sh" "$output/1.1.0/libaddsub.so" "$here/addsub.cc" -DSATURATE
