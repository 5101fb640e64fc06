/*
 * Another vendor's TRTISExampleAddSub: the name of an existing op, but sum is the mean (a + b) / 2 and difference is the
 * distance |a - b|. int32 means are rounded towards zero, int32 distances stop at the largest int32.
 */
#include "tensorflow_c.h"

#include <stdio.h>

#define OP "TRTISExampleAddSub"
#define MAX_DIMS 254 /* TensorFlow's own limit */

/* Inputs a and b, then outputs sum and difference. */
typedef struct {
    TF_Tensor *tensor[4];
    int64_t count;
} Tensors;

static int same_shape(const TF_Tensor *a, const TF_Tensor *b) {
    int same = TF_NumDims(a) == TF_NumDims(b);
    for (int i = 0; same && i < TF_NumDims(a); i++) same = TF_Dim(a, i) == TF_Dim(b, i);
    return same;
}

static void open_tensors(TF_OpKernelContext *context, TF_DataType type, Tensors *tensors, TF_Status *status) {
    for (int i = 0; i < 2; i++) {
        TF_GetInput(context, i, &tensors->tensor[i], status);
        if (TF_GetCode(status) != TF_OK) return;
    }
    const TF_Tensor *a = tensors->tensor[0];
    if (!same_shape(a, tensors->tensor[1])) {
        TF_SetStatus(status, TF_INVALID_ARGUMENT, OP ": inputs a and b must have equal shapes");
        return;
    }
    int64_t dims[MAX_DIMS];
    for (int i = 0; i < TF_NumDims(a); i++) dims[i] = TF_Dim(a, i);
    for (int i = 0; i < 2; i++) {
        tensors->tensor[2 + i] =
            TF_AllocateOutput(context, i, type, dims, TF_NumDims(a), TF_TensorByteSize(a), status);
        if (TF_GetCode(status) != TF_OK) return;
    }
    tensors->count = TF_TensorElementCount(a);
}

/* compute_<type>: wide holds every sum and difference of two narrow values. */
#define DEFINE_COMPUTE(narrow, wide, type, limit)                                                       \
    static void compute_##narrow(void *kernel, TF_OpKernelContext *context) {                           \
        (void)kernel;                                                                                   \
        TF_Status *status = TF_NewStatus();                                                             \
        Tensors tensors = {{NULL, NULL, NULL, NULL}, 0};                                                \
        open_tensors(context, type, &tensors, status);                                                  \
        if (TF_GetCode(status) == TF_OK) {                                                              \
            const narrow *a = TF_TensorData(tensors.tensor[0]), *b = TF_TensorData(tensors.tensor[1]);  \
            narrow *mean = TF_TensorData(tensors.tensor[2]), *distance = TF_TensorData(tensors.tensor[3]); \
            for (int64_t i = 0; i < tensors.count; i++) {                                               \
                const wide difference = (wide)a[i] - b[i];                                              \
                const wide absolute = difference < 0 ? -difference : difference;                        \
                mean[i] = (narrow)(((wide)a[i] + b[i]) / 2);                                            \
                distance[i] = absolute > limit ? (narrow)limit : (narrow)absolute;                      \
            }                                                                                           \
        } else {                                                                                        \
            TF_OpKernelContext_Failure(context, status);                                                \
        }                                                                                               \
        for (int i = 0; i < 4; i++) TF_DeleteTensor(tensors.tensor[i]);                                 \
        TF_DeleteStatus(status);                                                                        \
    }

DEFINE_COMPUTE(float, double, TF_FLOAT, (double)__builtin_inff())
DEFINE_COMPUTE(int32_t, int64_t, TF_INT32, INT32_MAX)

static void *create(TF_OpKernelConstruction *construction) {
    (void)construction;
    return NULL;
}

static void destroy(void *kernel) {
    (void)kernel;
}

static void infer_shapes(TF_ShapeInferenceContext *context, TF_Status *status) {
    TF_ShapeHandle *shape = TF_NewShapeHandle();
    TF_ShapeInferenceContextGetInput(context, 0, shape, status);
    for (int i = 0; i < 2 && TF_GetCode(status) == TF_OK; i++) {
        TF_ShapeInferenceContextSetOutput(context, i, shape, status);
    }
    TF_DeleteShapeHandle(shape);
}

static void register_kernel(TF_DataType type, void (*compute)(void *, TF_OpKernelContext *), TF_Status *status) {
    if (TF_GetCode(status) != TF_OK) return;
    TF_KernelBuilder *kernel = TF_NewKernelBuilder(OP, "CPU", create, compute, destroy);
    TF_KernelBuilder_TypeConstraint(kernel, "T", type, status);
    TF_RegisterKernelBuilder(OP, kernel, status);
}

__attribute__((constructor)) static void register_all(void) {
    TF_Status *status = TF_NewStatus();
    TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder(OP);
    TF_OpDefinitionBuilderAddAttr(op, "T: {int32, float}");
    TF_OpDefinitionBuilderAddInput(op, "a: T");
    TF_OpDefinitionBuilderAddInput(op, "b: T");
    TF_OpDefinitionBuilderAddOutput(op, "sum: T");
    TF_OpDefinitionBuilderAddOutput(op, "difference: T");
    TF_OpDefinitionBuilderSetShapeInferenceFunction(op, infer_shapes);
    TF_RegisterOpDefinition(op, status);
    register_kernel(TF_FLOAT, compute_float, status);
    register_kernel(TF_INT32, compute_int32_t, status);
    if (TF_GetCode(status) != TF_OK) fprintf(stderr, "%s: not registered: %s\n", OP, TF_Message(status));
    TF_DeleteStatus(status);
}
