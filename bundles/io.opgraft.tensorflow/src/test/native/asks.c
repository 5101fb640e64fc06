/* Op LabAsks: y = 1 if its kernel is told the name that stands here, else 0. NAMED is another name for the op. */
#include "tf.h"

#include <string.h>

#ifndef NAMED
#define NAMED "LabAsks"
#endif

typedef struct TF_Buffer {
    const void *data;
    size_t length;
    void (*deallocator)(void *data, size_t length);
} TF_Buffer;

TF_Buffer *TF_OpKernelConstruction_GetNodeDef(TF_OpKernelConstruction *, TF_Status *);
void TF_DeleteBuffer(TF_Buffer *);

static int told;

/* Field 2 of the NodeDef is the op; field 1, the node's name, comes before it and is short here. */
static void *create(TF_OpKernelConstruction *construction) {
    TF_Status *status = TF_NewStatus();
    TF_Buffer *node = TF_OpKernelConstruction_GetNodeDef(construction, status);
    const char *data = node->data;
    const char *op = data + 2 + data[1];
    told = data[0] == 0x0a && op[0] == 0x12 && (size_t)op[1] == strlen(NAMED)
        && memcmp(op + 2, NAMED, strlen(NAMED)) == 0;
    TF_DeleteBuffer(node);
    TF_DeleteStatus(status);
    return &told;
}

static void compute(void *kernel, TF_OpKernelContext *context) {
    TF_Status *status = TF_NewStatus();
    int64_t dims[1] = {1};
    TF_Tensor *output = TF_AllocateOutput(context, 0, TF_FLOAT, dims, 1, sizeof(float), status);
    *(float *)TF_TensorData(output) = (float)*(int *)kernel;
    TF_DeleteTensor(output);
    TF_DeleteStatus(status);
}

static void destroy(void *kernel) {
    (void)kernel;
}

__attribute__((constructor)) static void start(void) {
    TF_Status *status = TF_NewStatus();
    TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder(NAMED);
    TF_OpDefinitionBuilderAddInput(op, "x: float");
    TF_OpDefinitionBuilderAddOutput(op, "y: float");
    TF_RegisterOpDefinition(op, status);
    TF_RegisterKernelBuilder("Asks", TF_NewKernelBuilder(NAMED, "CPU", create, compute, destroy), status);
    TF_DeleteStatus(status);
}
