#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Verilates the accelerator in one configuration and links it with the memory model into a transport library.
#   build.sh CONFIGURATION fast|trace FOLDER     (run in simulator/; the library goes to FOLDER/lib)
# Does nothing when the digest of all its sources is the one that the library was built from.
set -eu
configuration=$1
variant=$2
output=$3/lib/libwindhover-rtl-$configuration.so
work=$3/rtl-$configuration-$variant
[ "$variant" = fast ] || output=${output%.so}-$variant.so
rtl=${RTL:-../hdl/rtl}
include=../host-driver/native/include
jobs=${JOBS:-2}
compiler=${CXX:-g++}

digest=$(cat "$rtl"/*.sv rtl/* common/* "$include"/*.h | sha256sum | cut -d' ' -f1)-$(verilator --version | tr ' ' '-')
if [ -f "$output" ] && [ "$(cat "$output.digest" 2>/dev/null)" = "$digest" ]; then
    exit 0
fi

prefix=WH_$(echo "$configuration" | tr '[:lower:]' '[:upper:]')_
value() {
    sed -n "s/^#define $prefix$1 \([0-9]*\)\$/\1/p" "$include/windhover_contract.h"
}
if [ -z "$(value ID)" ]; then
    echo "build.sh: the contract has no configuration '$configuration'; see hdl/contract/contract.yaml" >&2
    exit 1
fi
parameters="-GCONFIGURATION_ID=$(value ID)"
for name in INT8_REDUCTION INT8_PIXELS XNOR_LANES ACTIVATION_BANK_WORDS WEIGHT_WORDS LINE_BYTES TRACE_ENTRIES CLOCK_HZ; do
    parameters="$parameters -G$name=$(value $name)"
done

options="--x-assign fast --x-initial fast --noassert"
define=
libraries=
if [ "$variant" = trace ]; then
    options="--trace-fst --assert"
    define=-DWINDHOVER_TRACE
    libraries=-lz
fi
packages=$(find "$rtl" -name '*_pkg.sv' | LC_ALL=C sort)
modules=$(find "$rtl" -name '*.sv' ! -name '*_pkg.sv' | LC_ALL=C sort)
mkdir -p "$work" "$(dirname "$output")"
# shellcheck disable=SC2086
verilator --cc -O3 $options --output-split 20000 --top-module wh_accelerator --Mdir "$work" $parameters \
    -Wno-fatal -Wno-lint -Wno-style -CFLAGS "-fPIC -fvisibility=hidden" rtl/probes.vlt $packages $modules
ccache=$(command -v ccache || true)
machine=$($compiler -dumpmachine)
march=-march=native
if [ "${machine%%-*}" != "$(uname -m)" ]; then
    march=
elif [ "${machine%%-*}" = x86_64 ] && grep -q -w avx2 /proc/cpuinfo; then
    march=-march=x86-64-v3 # faster than native, and runs on other machines
fi
runtime=$(sed -n '/^VM_GLOBAL_FAST/,/^$/s/^\t\(verilated[a-z_]*\).*/\1.o/p' "$work/Vwh_accelerator_classes.mk")
# shellcheck disable=SC2086
make -s -C "$work" -f Vwh_accelerator.mk -j "$jobs" OBJCACHE="$ccache" CXX="$compiler" AR="$($compiler -print-prog-name=ar)" \
    OPT_FAST="-O3 $march" OPT_SLOW="-O1" OPT_GLOBAL="-O2" Vwh_accelerator__ALL.a $runtime
verilated=$(verilator --getenv VERILATOR_ROOT)/include
warnings="-Wall -Wextra -Wpedantic -Wconversion -Werror"
for source in rtl/*.cpp common/*.cpp; do
    # shellcheck disable=SC2086
    $ccache $compiler -std=c++17 -O3 $march -fPIC -fvisibility=hidden $warnings $define \
        -DWINDHOVER_CONFIGURATION="\"$configuration\"" -Irtl -Icommon -I"$include" \
        -isystem "$work" -isystem "$verilated" -isystem "$verilated/vltstd" \
        -c "$source" -o "$work/$(basename "$source" .cpp).harness.o"
done
# shellcheck disable=SC2046,SC2086
$compiler -shared -pthread -Wl,--no-undefined -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,--version-script=common/transport.map \
    -o "$output.new" "$work"/*.harness.o "$work"/Vwh_accelerator__ALL.a $(printf "$work/%s " $runtime) $libraries
mv "$output.new" "$output"
echo "$digest" > "$output.digest"
