#!/bin/sh
# Builds every version of the library: versions.sh OUTPUT_FOLDER writes OUTPUT_FOLDER/<version>/libaddsub.so
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=$1

version() {
    number=$1
    shift
    sh "$here/build.sh" "$output/$number/libaddsub.so" "$here/addsub.c" "$@"
}

version 1.0.0
version 1.1.0 -DSATURATE
version 2.0.0 -DSATURATE -DSCALE
version 3.0.0 -DSATURATE -DSCALE -DBIAS
