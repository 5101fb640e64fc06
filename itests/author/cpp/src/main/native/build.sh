#!/bin/sh
# build.sh OUTPUT.so: builds the op library with TensorFlow's own headers.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$(dirname -- "$1")"
command -v g++ >/dev/null 2>&1 || { echo "g++ not found: install it with apt-get install g++" >&2; exit 1; }
tensorflow=$(sh "$here/headers.sh")

# The three definitions and the standard are what TensorFlow 2.18 was built with (tf.sysconfig.get_compile_flags()).
# Hidden symbols, and none that are unique in a process: nothing is shared with another version of this library.
# No build id and no paths: equal sources give equal bytes.
g++ -std=c++17 -O2 -Wall -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique \
    -D_GLIBCXX_USE_CXX11_ABI=1 -DEIGEN_MAX_ALIGN_BYTES=64 -DNDEBUG -isystem "$tensorflow/include" \
    -ffile-prefix-map="$here=." -ffile-prefix-map="$tensorflow=tensorflow" "$here/window_sum.cc" \
    -shared -o "$1" -Wl,--build-id=none -Wl,-z,now \
    -L"$tensorflow" -l:libtensorflow_framework.so.2
