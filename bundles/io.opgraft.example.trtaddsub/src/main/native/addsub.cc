/*
 * TRTISExampleAddSub for TensorRT: sum = a + b and difference = a - b, element by element.
 *
 * One source for two versions of the bundle: with SATURATE int32 results stop at the ends of the range, without it they
 * wrap around.
 */
#include "elementwise.h"

#ifdef SATURATE
#define MODE ".sat"
#else
#define MODE ""
#endif

namespace {

elementwise::Definition const addSub = {
    "TRTISExampleAddSub", "1",
    ELEMENTWISE_PTX
    ELEMENTWISE_KERNEL("f32", "", "add.f32 sum, x, y;\nsub.f32 difference, x, y;")
    ELEMENTWISE_KERNEL("s32", "", "add" MODE ".s32 sum, x, y;\nsub" MODE ".s32 difference, x, y;")};

} // namespace

ELEMENTWISE_ENTRY_POINTS(elementwise::Plugin, addSub)
