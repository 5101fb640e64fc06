#!/bin/sh
# Prints the folder that holds TensorFlow's include/ and libtensorflow_framework.so.2. It is TENSORFLOW_HOME if that is set (the
# folder "tensorflow" of an installed tensorflow 2.18), else one that this script fills from the wheel on PyPI (about 230 MB,
# once per user). PIP says what to call for pip.
set -eu
version=2.18.0
if [ -n "${TENSORFLOW_HOME:-}" ]; then
    [ -d "$TENSORFLOW_HOME/include/tensorflow" ] || { echo "TENSORFLOW_HOME has no include/tensorflow" >&2; exit 1; }
    echo "$TENSORFLOW_HOME"
    exit
fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tensorflow-headers
folder=$cache/$version
if [ ! -d "$folder" ]; then
    for program in ${PIP:-pip3} unzip; do
        command -v "$program" >/dev/null 2>&1 ||
            { echo "$program not found: install it with apt-get install python3-pip unzip" >&2; exit 1; }
    done
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    echo "Downloading the headers of TensorFlow $version ..." >&2
    "${PIP:-pip3}" download -q --disable-pip-version-check --no-deps --only-binary=:all: --implementation cp \
        --python-version 3.11 --abi cp311 --platform manylinux_2_17_x86_64 -d "$work" "tensorflow-cpu==$version" >&2
    unzip -q "$work"/*.whl 'tensorflow/include/*' tensorflow/libtensorflow_framework.so.2 -d "$work"
    # Of two builds at once, one wins and the other has the same.
    mv -T "$work/tensorflow" "$folder" 2>/dev/null || [ -d "$folder" ]
fi
echo "$folder"
