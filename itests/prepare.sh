#!/bin/sh
# Makes what the tests need beside the distribution: prepare.sh FOLDER builds the native fixtures in FOLDER/native and puts
# Triton's Python client into FOLDER/python.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${1:?usage: prepare.sh FOLDER}
sh "$here/fixtures/native/build.sh" "$folder/native"

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
