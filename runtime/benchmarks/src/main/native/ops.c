/* Ten ops y = x in one library. A benchmark writes other digits over those of the names, so that each library is its own. */
#include "tensorflow_c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DIMS 254

static const char *const names[] = {
    "Bench00000Op0", "Bench00000Op1", "Bench00000Op2", "Bench00000Op3", "Bench00000Op4",
    "Bench00000Op5", "Bench00000Op6", "Bench00000Op7", "Bench00000Op8", "Bench00000Op9",
};

static void same_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
    TF_ShapeHandle *shape = TF_NewShapeHandle();
    TF_ShapeInferenceContextGetInput(context, 0, shape, status);
    if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 0, shape, status);
    TF_DeleteShapeHandle(shape);
}

static void compute(void *kernel, TF_OpKernelContext *context) {
    (void)kernel;
    TF_Status *status = TF_NewStatus();
    TF_Tensor *x = NULL, *y = NULL;
    TF_GetInput(context, 0, &x, status);
    if (TF_GetCode(status) == TF_OK) {
        int64_t dims[MAX_DIMS];
        for (int i = 0; i < TF_NumDims(x); i++) dims[i] = TF_Dim(x, i);
        y = TF_AllocateOutput(context, 0, TF_FLOAT, dims, TF_NumDims(x), TF_TensorByteSize(x), status);
    }
    if (TF_GetCode(status) == TF_OK) memcpy(TF_TensorData(y), TF_TensorData(x), TF_TensorByteSize(x));
    if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
    TF_DeleteTensor(x);
    TF_DeleteTensor(y);
    TF_DeleteStatus(status);
}

__attribute__((constructor)) static void register_all(void) {
    TF_Status *status = TF_NewStatus();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder(names[i]);
        TF_OpDefinitionBuilderAddInput(op, "x: float");
        TF_OpDefinitionBuilderAddOutput(op, "y: float");
        TF_OpDefinitionBuilderSetShapeInferenceFunction(op, same_shape);
        TF_RegisterOpDefinition(op, status);
        if (TF_GetCode(status) == TF_OK) {
            TF_KernelBuilder *kernel = TF_NewKernelBuilder(names[i], "CPU", NULL, compute, NULL);
            TF_RegisterKernelBuilder(names[i], kernel, status);
        }
        if (TF_GetCode(status) != TF_OK) fprintf(stderr, "%s: %s\n", names[i], TF_Message(status));
    }
    TF_DeleteStatus(status);
}
