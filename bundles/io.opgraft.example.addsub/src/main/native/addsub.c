/*
 * TRTISExampleAddSub: sum = a + b and difference = a - b, element by element; a and b have equal shapes.
 *
 * One source for four versions of the bundle; versions.sh says which has what:
 *   SATURATE  int32 results stop at the ends of the range; without it they wrap around
 *   SCALE     attribute scale: both results are multiplied by it
 *   BIAS      attribute bias: added to both results after scaling (needs SCALE)
 * Scaled int32 results are rounded to the nearest integer, ties to even.
 */
#include "tensorflow_c.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define OP "TRTISExampleAddSub"
#define MAX_DIMS 254 /* TensorFlow's own limit */

typedef struct {
    float scale;
    float bias;
} Kernel;

typedef void Apply(const Kernel *, const void *a, const void *b, void *sum, void *difference, int64_t count);

static float float_result(const Kernel *kernel, float exact) {
#ifdef SCALE
    return exact * kernel->scale + kernel->bias;
#else
    (void)kernel;
    return exact;
#endif
}

static int32_t int32_result(const Kernel *kernel, int64_t exact) {
#ifdef SCALE
    const double scaled = rint((double)exact * kernel->scale + kernel->bias);
    return scaled >= INT32_MAX ? INT32_MAX : scaled > INT32_MIN ? (int32_t)scaled : INT32_MIN; /* NaN: INT32_MIN */
#elif defined(SATURATE)
    (void)kernel;
    return exact > INT32_MAX ? INT32_MAX : exact < INT32_MIN ? INT32_MIN : (int32_t)exact;
#else
    (void)kernel;
    return (int32_t)(uint32_t)exact;
#endif
}

static void apply_float(const Kernel *kernel, const void *a, const void *b, void *sum, void *difference,
                        int64_t count) {
    const float *x = a, *y = b;
    for (int64_t i = 0; i < count; i++) {
        ((float *)sum)[i] = float_result(kernel, x[i] + y[i]);
        ((float *)difference)[i] = float_result(kernel, x[i] - y[i]);
    }
}

static void apply_int32(const Kernel *kernel, const void *a, const void *b, void *sum, void *difference,
                        int64_t count) {
    const int32_t *x = a, *y = b;
    for (int64_t i = 0; i < count; i++) {
        ((int32_t *)sum)[i] = int32_result(kernel, (int64_t)x[i] + y[i]);
        ((int32_t *)difference)[i] = int32_result(kernel, (int64_t)x[i] - y[i]);
    }
}

static int equal_shapes(const TF_Tensor *a, const TF_Tensor *b) {
    if (TF_NumDims(a) != TF_NumDims(b)) return 0;
    for (int i = 0; i < TF_NumDims(a); i++) {
        if (TF_Dim(a, i) != TF_Dim(b, i)) return 0;
    }
    return 1;
}

static TF_Tensor *allocate_like(const TF_Tensor *like, TF_OpKernelContext *context, int output, TF_DataType type,
                                TF_Status *status) {
    int64_t dims[MAX_DIMS];
    const int rank = TF_NumDims(like);
    for (int i = 0; i < rank; i++) dims[i] = TF_Dim(like, i);
    return TF_AllocateOutput(context, output, type, dims, rank, TF_TensorByteSize(like), status);
}

/* Runs on many threads at once with one kernel: nothing here is shared but the read-only attributes. */
static void compute(const Kernel *kernel, TF_OpKernelContext *context, TF_DataType type, Apply *apply) {
    TF_Status *status = TF_NewStatus();
    TF_Tensor *a = NULL, *b = NULL, *sum = NULL, *difference = NULL;
    TF_GetInput(context, 0, &a, status);
    if (TF_GetCode(status) == TF_OK) TF_GetInput(context, 1, &b, status);
    if (TF_GetCode(status) == TF_OK && !equal_shapes(a, b)) {
        TF_SetStatus(status, TF_INVALID_ARGUMENT, OP ": inputs a and b must have equal shapes");
    }
    if (TF_GetCode(status) == TF_OK) sum = allocate_like(a, context, 0, type, status);
    if (TF_GetCode(status) == TF_OK) difference = allocate_like(a, context, 1, type, status);
    if (TF_GetCode(status) == TF_OK) {
        apply(kernel, TF_TensorData(a), TF_TensorData(b), TF_TensorData(sum), TF_TensorData(difference),
              TF_TensorElementCount(a));
    } else {
        TF_OpKernelContext_Failure(context, status);
    }
    TF_DeleteTensor(a);
    TF_DeleteTensor(b);
    TF_DeleteTensor(sum);
    TF_DeleteTensor(difference);
    TF_DeleteStatus(status);
}

static void compute_float(void *kernel, TF_OpKernelContext *context) {
    compute(kernel, context, TF_FLOAT, apply_float);
}

static void compute_int32(void *kernel, TF_OpKernelContext *context) {
    compute(kernel, context, TF_INT32, apply_int32);
}

static void *create(TF_OpKernelConstruction *construction) {
    TF_Status *status = TF_NewStatus();
    Kernel *kernel = calloc(1, sizeof *kernel);
    if (kernel == NULL) abort();
    kernel->scale = 1;
#ifdef SCALE
    TF_OpKernelConstruction_GetAttrFloat(construction, "scale", &kernel->scale, status);
#endif
#ifdef BIAS
    if (TF_GetCode(status) == TF_OK) {
        TF_OpKernelConstruction_GetAttrFloat(construction, "bias", &kernel->bias, status);
    }
#endif
    if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
    TF_DeleteStatus(status);
    return kernel;
}

/* Both outputs have the shape of the first input. */
static void infer_shapes(TF_ShapeInferenceContext *context, TF_Status *status) {
    TF_ShapeHandle *shape = TF_NewShapeHandle();
    TF_ShapeInferenceContextGetInput(context, 0, shape, status);
    if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 0, shape, status);
    if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 1, shape, status);
    TF_DeleteShapeHandle(shape);
}

static void register_op(TF_Status *status) {
    TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder(OP);
    TF_OpDefinitionBuilderAddAttr(op, "T: {int32, float}");
#ifdef SCALE
    TF_OpDefinitionBuilderAddAttr(op, "scale: float = 1.0");
#endif
#ifdef BIAS
    TF_OpDefinitionBuilderAddAttr(op, "bias: float = 0.0");
#endif
    TF_OpDefinitionBuilderAddInput(op, "a: T");
    TF_OpDefinitionBuilderAddInput(op, "b: T");
    TF_OpDefinitionBuilderAddOutput(op, "sum: T");
    TF_OpDefinitionBuilderAddOutput(op, "difference: T");
    TF_OpDefinitionBuilderSetShapeInferenceFunction(op, infer_shapes);
    TF_RegisterOpDefinition(op, status);
}

static void register_kernel(TF_DataType type, void (*compute_type)(void *, TF_OpKernelContext *), TF_Status *status) {
    TF_KernelBuilder *kernel = TF_NewKernelBuilder(OP, "CPU", create, compute_type, free);
    TF_KernelBuilder_TypeConstraint(kernel, "T", type, status);
    TF_RegisterKernelBuilder(OP, kernel, status);
}

/* TensorFlow asks nothing: whatever the library's initialiser registers is there. */
__attribute__((constructor)) static void register_all(void) {
    TF_Status *status = TF_NewStatus();
    register_op(status);
    if (TF_GetCode(status) == TF_OK) register_kernel(TF_FLOAT, compute_float, status);
    if (TF_GetCode(status) == TF_OK) register_kernel(TF_INT32, compute_int32, status);
    if (TF_GetCode(status) != TF_OK) fprintf(stderr, "%s: not registered: %s\n", OP, TF_Message(status));
    TF_DeleteStatus(status);
}
