/*
 * Another vendor's TRTISExampleAddSub for TensorRT: the name, version and name space of an existing plugin, but sum is the
 * mean (a + b) / 2 and difference is the distance |a - b|. int32 means are rounded towards zero, int32 distances stop at
 * the largest int32.
 */
#include "elementwise.h"

namespace {

elementwise::Definition const meanAndDistance = {
    "TRTISExampleAddSub", "1",
    ELEMENTWISE_PTX
    ELEMENTWISE_KERNEL("f32", ".reg .f64 a, b, exact;",
                       "cvt.f64.f32 a, x;\ncvt.f64.f32 b, y;\n"
                       "add.f64 exact, a, b;\nmul.f64 exact, exact, 0d3FE0000000000000;\ncvt.rn.f32.f64 sum, exact;\n"
                       "sub.f64 exact, a, b;\nabs.f64 exact, exact;\ncvt.rn.f32.f64 difference, exact;")
    ELEMENTWISE_KERNEL("s32", ".reg .s64 a, b, exact;",
                       "cvt.s64.s32 a, x;\ncvt.s64.s32 b, y;\n"
                       "add.s64 exact, a, b;\ndiv.s64 exact, exact, 2;\ncvt.u32.u64 sum, exact;\n"
                       "sub.s64 exact, a, b;\nabs.s64 exact, exact;\nmin.s64 exact, exact, 2147483647;\n"
                       "cvt.u32.u64 difference, exact;")};

} // namespace

ELEMENTWISE_ENTRY_POINTS(elementwise::Plugin, meanAndDistance)
