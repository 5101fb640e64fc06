#!/bin/sh
# Builds what the tests on a GPU need beside the distribution: build.sh OUTPUT_FOLDER TENSORRT_HOME [CUDA_HOME].
# Programs: plans (builds engines) and loop (the floor of the benchmark), against TensorRT's headers in TENSORRT_HOME/include
# (or TENSORRT_INCLUDE) and CUDA's in CUDA_HOME/include (or CUDA_INCLUDE). Needs g++.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=$1
tensorrt=$2
cuda=${3:-/usr/local/cuda}
mkdir -p "$output"
libraries=$(mktemp -d)
trap 'rm -rf "$libraries"' EXIT
for folder in "$tensorrt/lib" "$tensorrt/lib64" "$tensorrt/targets/x86_64-linux-gnu/lib" "$tensorrt" /usr/lib/x86_64-linux-gnu; do
    [ -e "$folder/libnvinfer.so.10" ] && ln -sf "$folder/libnvinfer.so.10" "$libraries/libnvinfer.so" && break
done
for folder in "$tensorrt/lib" "$cuda/lib64" "$cuda/lib"; do
    runtime=$(ls "$folder"/libcudart.so.1[0-9] 2>/dev/null | head -n 1)
    [ -n "$runtime" ] && ln -sf "$runtime" "$libraries/libcudart.so" && break
done
for program in plans loop; do
    g++ -std=c++17 -O2 -Wall -Wextra -Werror -Wno-deprecated-declarations -Wno-unused-parameter \
        -isystem "${TENSORRT_INCLUDE:-$tensorrt/include}" -isystem "${CUDA_INCLUDE:-$cuda/include}" \
        "$here/$program.cc" -o "$output/$program" -L"$libraries" -lnvinfer -lcudart -Wl,--allow-shlib-undefined
done
