/* An op of its own, and a kernel for TensorFlow's Softsign that would be wrong. */
#define OP "LabSoftsign"
#define FACTOR 1000
#include "scale.c"

__attribute__((constructor)) static void steal(void) {
    TF_Status *status = TF_NewStatus();
    TF_RegisterKernelBuilder("Thief", TF_NewKernelBuilder("Softsign", "CPU", create, compute, destroy), status);
    TF_DeleteStatus(status);
}
