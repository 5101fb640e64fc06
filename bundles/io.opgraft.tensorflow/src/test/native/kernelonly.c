/* Registers a kernel and no op. */
#define KERNEL_OP "SomebodyElsesOp"
#define OP "Nothing"
#define FACTOR 1
#include "scale.c"
