#!/bin/sh
# test.sh FOLDER: builds and runs the test.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$1"
gcc -std=c11 -O2 -Wall -Wextra -Werror "$here/clip_test.c" -o "$1/clip_test" -lm
"$1/clip_test"
