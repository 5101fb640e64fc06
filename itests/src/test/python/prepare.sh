#!/bin/sh
# Puts Triton's Python client into a virtual environment. usage: prepare.sh FOLDER
set -eu
folder=${1:?usage: prepare.sh FOLDER}
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "The integration tests need Python 3 with venv: install it, for example with apt-get install python3-venv" >&2
    exit 1
fi
stamp="$folder/requirements.txt"
cmp -s "$here/requirements.txt" "$stamp" && exit 0
echo "Installing Triton's Python client for the integration tests ..."
python3 -m venv --clear "$folder"
"$folder/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
cp "$here/requirements.txt" "$stamp"
