#!/bin/sh
# build.sh OUTPUT.so: builds the op library with the system compiler alone; no TensorFlow is needed for it.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$(dirname -- "$1")"
command -v gcc >/dev/null 2>&1 || { echo "gcc not found: install it with apt-get install gcc libc6-dev" >&2; exit 1; }

# The library has to name TensorFlow as what it needs. An empty library of that name is enough to link against.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -shared -nostdlib -x c /dev/null -o "$work/tf.so" -Wl,-soname,libtensorflow_framework.so.2

# Hidden symbols: nothing of this library is shared with another version of it in the same process.
# No build id and no paths: equal sources give equal bytes.
gcc -std=c11 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -ffile-prefix-map="$here=." "$here/clip.c" \
    -shared -o "$1" -Wl,--build-id=none -Wl,-z,now -Wl,--no-as-needed "$work/tf.so"
