#!/bin/sh
# Makes what the tests need beside the distribution: prepare.sh FOLDER puts Triton's Python client into FOLDER/python, op
# libraries from PyPI into FOLDER/wheels, the native fixtures into FOLDER/native and those for TensorRT into
# FOLDER/tensorrt. What is fetched, and what takes long to compile, is kept in $XDG_CACHE_HOME/opgraft-tests
# (~/.cache/opgraft-tests).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${1:?usage: prepare.sh FOLDER}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/opgraft-tests
mkdir -p "$folder" "$cache"
# Every process that fills the cache works in a folder of its own and then renames it.
part=$(mktemp -d "$cache/part.XXXXXX")
trap 'rm -rf "$part"' EXIT

requirements=$here/src/test/python/requirements.txt
if ! cmp -s "$requirements" "$folder/python/requirements.txt"; then
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
        echo "Python 3 with venv not found: install it with apt-get install python3-venv" >&2
        exit 1
    fi
    echo "Installing Triton's Python client from PyPI ..."
    python3 -m venv --clear "$folder/python"
    "$folder/python/bin/pip" install -q --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$folder/python/requirements.txt"
fi

# Wheels are only unpacked, never installed, so the Python version that they are for need not be this one.
fetch() { # REQUIREMENT_LINE FOLDER
    echo "$1" >"$2/requirement.txt"
    "$folder/python/bin/pip" download -q --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
        --python-version 3.11 --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 \
        --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 -d "$2" -r "$2/requirement.txt"
    rm "$2/requirement.txt"
}

headers=$cache/tensorflow-2.18.0
if [ ! -d "$headers" ]; then
    echo "Fetching TensorFlow's headers from PyPI, once ..."
    mkdir "$part/wheel" "$part/headers"
    fetch "$(grep -v '^#' "$here/fixtures/headers.txt")" "$part/wheel"
    "$folder/python/bin/python" "$here/fixtures/scripts/unpack_headers.py" "$part/wheel"/*.whl "$part/headers"
    mv -T "$part/headers" "$headers" 2>/dev/null || [ -d "$headers" ]
    rm -r "$part/wheel"
fi

rm -rf "$folder/wheels"
mkdir "$folder/wheels"
grep -v '^#' "$here/fixtures/wheels.txt" | while read -r line; do
    kept=$cache/wheels/${line##*:}
    if [ ! -d "$kept" ]; then
        echo "Fetching ${line%% *} from PyPI, once ..."
        mkdir -p "$part/wheel" "$cache/wheels"
        fetch "$line" "$part/wheel"
        mv -T "$part/wheel" "$kept" 2>/dev/null || [ -d "$kept" ]
        rm -rf "$part/wheel"
    fi
    ln -s "$kept"/*.whl "$folder/wheels/"
done

sh "$here/fixtures/native/build.sh" "$folder/native" "$cache"
sh "$here/fixtures/tensorrt/build.sh" "$folder/tensorrt"
