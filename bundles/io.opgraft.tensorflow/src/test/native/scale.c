/*
 * Op LabScale without a shape function: y = FACTOR * x, and with BIAS an attribute "bias" of that default which is
 * added. Negative x is an error. KERNEL_OP registers the kernel for another op instead and defines none.
 */
#include "tf.h"

#include <stdlib.h>

#ifndef OP
#define OP "LabScale"
#endif

struct scale {
    float bias;
};

static void *create(TF_OpKernelConstruction *construction) {
    struct scale *scale = calloc(1, sizeof *scale);
    (void)construction;
#ifdef BIAS
    TF_Status *status = TF_NewStatus();
    TF_OpKernelConstruction_GetAttrFloat(construction, "bias", &scale->bias, status);
    TF_DeleteStatus(status);
#endif
    return scale;
}

static void compute(void *kernel, TF_OpKernelContext *context) {
    struct scale *scale = kernel;
    TF_Status *status = TF_NewStatus();
    TF_Tensor *input = NULL;
    TF_GetInput(context, 0, &input, status);
    int64_t dims[8];
    int rank = TF_NumDims(input);
    for (int i = 0; i < rank; i++) {
        dims[i] = TF_Dim(input, i);
    }
    size_t size = TF_TensorByteSize(input);
    TF_Tensor *output = TF_AllocateOutput(context, 0, TF_FLOAT, dims, rank, size, status);
    const float *x = TF_TensorData(input);
    float *y = TF_TensorData(output);
    for (size_t i = 0; i < size / sizeof *x; i++) {
        if (x[i] < 0) {
            TF_SetStatus(status, TF_INVALID_ARGUMENT, "LabScale takes no negative numbers");
            TF_OpKernelContext_Failure(context, status);
            break;
        }
        if (x[i] == 12345) {
            TF_SetStatus(status, TF_INTERNAL, "LabScale broke");
            TF_OpKernelContext_Failure(context, status);
            break;
        }
        y[i] = FACTOR * x[i] + scale->bias;
    }
    TF_DeleteTensor(input);
    TF_DeleteTensor(output);
    TF_DeleteStatus(status);
}

static void destroy(void *kernel) {
    free(kernel);
}

__attribute__((constructor)) static void start(void) {
    TF_Status *status = TF_NewStatus();
#ifndef KERNEL_OP
#define KERNEL_OP OP
    TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder(OP);
    TF_OpDefinitionBuilderAddInput(op, "x: float");
    TF_OpDefinitionBuilderAddOutput(op, "y: float");
#ifdef BIAS
    TF_OpDefinitionBuilderAddAttr(op, "bias: float = " BIAS);
#endif
    TF_RegisterOpDefinition(op, status);
#endif
    TF_RegisterKernelBuilder(OP "Kernel", TF_NewKernelBuilder(KERNEL_OP, "CPU", create, compute, destroy), status);
    TF_DeleteStatus(status);
}

#ifdef PROTOBUF
/* As generated protocol buffer code asks for it; never called, so that this library is safe to load. */
void _ZN6google8protobuf14DescriptorPool24InternalAddGeneratedFileEPKvi(const void *file, int size);
void *const protobuf_registration = (void *)_ZN6google8protobuf14DescriptorPool24InternalAddGeneratedFileEPKvi;
#endif

#ifdef ZLIB
/* Defined by a library of the system that TensorFlow does not load. */
unsigned long crc32(unsigned long crc, const unsigned char *data, unsigned size);
unsigned long lab_crc(const unsigned char *data, unsigned size);
unsigned long lab_crc(const unsigned char *data, unsigned size) {
    return crc32(0, data, size);
}
#endif
