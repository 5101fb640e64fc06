#!/bin/sh
# Builds one TensorRT plugin library: build.sh OUTPUT.so SOURCE.cc [COMPILER FLAG]...
# Needs a C++ compiler only (CXX names another one than g++): no CUDA, no TensorRT, no GPU.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=$1
source=$2
shift 2

compiler=${CXX:-g++}
if ! command -v "$compiler" >/dev/null 2>&1; then
    echo "$compiler not found: install it with apt-get install g++ libc6-dev" >&2
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
# -fno-gnu-unique and hidden symbols: nothing of this library is shared with another one in the same process.
# No build id, no paths: equal sources give equal bytes.
"$compiler" -std=c++17 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -fno-gnu-unique \
    -ffile-prefix-map="$(dirname "$source")=." -Wl,--build-id=none -Wl,-z,now -I"$here" "$source" "$@" \
    -shared -o "$output" -ldl
