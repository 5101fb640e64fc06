/* The op ExampleClip: y = x, but never below the attribute low or above the attribute high. */
#include "clip.h"
#include "tensorflow_c.h"

#include <stdio.h>
#include <stdlib.h>

#define OP "ExampleClip"
#define MAX_DIMS 254 /* TensorFlow's own limit */

typedef struct {
    float low;
    float high;
} Kernel;

static void *create(TF_OpKernelConstruction *construction) {
    TF_Status *status = TF_NewStatus();
    Kernel *kernel = calloc(1, sizeof *kernel);
    if (kernel == NULL) abort();
    TF_OpKernelConstruction_GetAttrFloat(construction, "low", &kernel->low, status);
    if (TF_GetCode(status) == TF_OK) {
        TF_OpKernelConstruction_GetAttrFloat(construction, "high", &kernel->high, status);
    }
    if (TF_GetCode(status) == TF_OK && kernel->low > kernel->high) {
        TF_SetStatus(status, TF_INVALID_ARGUMENT, OP ": low must not be above high");
    }
    if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
    TF_DeleteStatus(status);
    return kernel;
}

/* Runs on many threads at once with one kernel, which nobody changes. */
static void compute(void *data, TF_OpKernelContext *context) {
    const Kernel *kernel = data;
    TF_Status *status = TF_NewStatus();
    TF_Tensor *x = NULL, *y = NULL;
    TF_GetInput(context, 0, &x, status);
    if (TF_GetCode(status) == TF_OK) {
        int64_t dims[MAX_DIMS];
        const int rank = TF_NumDims(x);
        for (int i = 0; i < rank; i++) dims[i] = TF_Dim(x, i);
        y = TF_AllocateOutput(context, 0, TF_FLOAT, dims, rank, TF_TensorByteSize(x), status);
    }
    if (TF_GetCode(status) == TF_OK) {
        const float *in = TF_TensorData(x);
        float *out = TF_TensorData(y);
        const int64_t count = TF_TensorElementCount(x);
        for (int64_t i = 0; i < count; i++) out[i] = clip(in[i], kernel->low, kernel->high);
    } else {
        TF_OpKernelContext_Failure(context, status);
    }
    TF_DeleteTensor(x);
    TF_DeleteTensor(y);
    TF_DeleteStatus(status);
}

static void infer_shape(TF_ShapeInferenceContext *context, TF_Status *status) {
    TF_ShapeHandle *shape = TF_NewShapeHandle();
    TF_ShapeInferenceContextGetInput(context, 0, shape, status);
    if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 0, shape, status);
    TF_DeleteShapeHandle(shape);
}

/* TensorFlow asks nothing: what the library's initialiser registers is there. */
__attribute__((constructor)) static void register_all(void) {
    TF_Status *status = TF_NewStatus();
    TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder(OP);
    TF_OpDefinitionBuilderAddAttr(op, "low: float = 0.0");
    TF_OpDefinitionBuilderAddAttr(op, "high: float = 1.0");
    TF_OpDefinitionBuilderAddInput(op, "x: float");
    TF_OpDefinitionBuilderAddOutput(op, "y: float");
    TF_OpDefinitionBuilderSetShapeInferenceFunction(op, infer_shape);
    TF_RegisterOpDefinition(op, status);
    if (TF_GetCode(status) == TF_OK) {
        TF_RegisterKernelBuilder(OP, TF_NewKernelBuilder(OP, "CPU", create, compute, free), status);
    }
    if (TF_GetCode(status) != TF_OK) fprintf(stderr, "%s: not registered: %s\n", OP, TF_Message(status));
    TF_DeleteStatus(status);
}
