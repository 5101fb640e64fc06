#!/bin/sh
# test.sh FOLDER: builds and runs the test.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1"
g++ -std=c++17 -O2 -Wall -Wextra -Werror "$here/window_sum_test.cc" -o "$1/window_sum_test"
"$1/window_sum_test"
