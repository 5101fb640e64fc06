#!/bin/sh
# Builds one op library: build.sh OUTPUT.so SOURCE [COMPILER FLAG]...
# C++ sources (.cc) need g++, C sources only gcc. CC and CXX name other compilers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=$1
source=$2
shift 2

case $source in
*.cc) compiler=${CXX:-g++} package=g++ standard=-std=c++17 ;;
*) compiler=${CC:-gcc} package=gcc standard=-std=c11 ;;
esac
if ! command -v "$compiler" >/dev/null 2>&1; then
    echo "$compiler not found: install it with apt-get install $package libc6-dev" >&2
    exit 1
fi
case $("$compiler" -dumpmachine) in
x86_64*linux*) ;;
*)
    echo "$compiler builds for $("$compiler" -dumpmachine), but native/linux-x86_64 needs a compiler for x86_64 Linux" >&2
    exit 1
    ;;
esac

mkdir -p "$(dirname "$output")"
# The server loads TensorFlow privately, so a library finds it only through DT_NEEDED. An empty library of that name is
# enough to link against; it is not shipped.
tensorflow=$(mktemp -d)
trap 'rm -rf "$tensorflow"' EXIT
"$compiler" -shared -nostdlib -x c /dev/null -o "$tensorflow/tf.so" -Wl,-soname,libtensorflow_framework.so.2

# -fno-gnu-unique and hidden symbols: nothing of this library is shared with another version in the same process.
# No build id, no paths: equal sources give equal bytes.
"$compiler" "$standard" -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -fno-gnu-unique -ffp-contract=off \
    -ffile-prefix-map="$(dirname "$source")=." -I"$here" "$source" "$@" -shared -o "$output" \
    -Wl,--build-id=none -Wl,-z,now -Wl,--no-as-needed "$tensorflow/tf.so" -Wl,--as-needed -lm
