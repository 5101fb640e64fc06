/*
 * The part of TensorFlow's C API that an op library needs, declared by hand: building an op takes no TensorFlow headers,
 * and one binary runs on every TensorFlow 2 that has this API (2.18 and 2.21 were tried).
 */
#ifndef OPGRAFT_TENSORFLOW_C_H
#define OPGRAFT_TENSORFLOW_C_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { TF_FLOAT = 1, TF_INT32 = 3, TF_STRING = 7 } TF_DataType;
typedef enum { TF_OK = 0, TF_INVALID_ARGUMENT = 3 } TF_Code;

typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpDefinitionBuilder TF_OpDefinitionBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
typedef struct TF_ShapeHandle TF_ShapeHandle;
typedef struct TF_ShapeInferenceContext TF_ShapeInferenceContext;
typedef struct TF_Status TF_Status;
typedef struct TF_Tensor TF_Tensor;

/* Status: the caller of TF_NewStatus deletes it. */
TF_Status *TF_NewStatus(void);
void TF_DeleteStatus(TF_Status *);
TF_Code TF_GetCode(const TF_Status *);
const char *TF_Message(const TF_Status *);
void TF_SetStatus(TF_Status *, TF_Code, const char *message);

/* Tensors: whoever got one from TF_GetInput or TF_AllocateOutput deletes it; TF_DeleteTensor takes null. */
void TF_DeleteTensor(TF_Tensor *);
int TF_NumDims(const TF_Tensor *);
int64_t TF_Dim(const TF_Tensor *, int index);
size_t TF_TensorByteSize(const TF_Tensor *);
int64_t TF_TensorElementCount(const TF_Tensor *);
void *TF_TensorData(const TF_Tensor *);

/* The op: TF_RegisterOpDefinition takes over the builder. */
TF_OpDefinitionBuilder *TF_NewOpDefinitionBuilder(const char *op);
void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder *, const char *spec);
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder *, const char *spec);
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder *, const char *spec);
void TF_OpDefinitionBuilderSetShapeInferenceFunction(TF_OpDefinitionBuilder *,
                                                     void (*infer)(TF_ShapeInferenceContext *, TF_Status *));
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder *, TF_Status *);

/* Its shape function. */
TF_ShapeHandle *TF_NewShapeHandle(void);
void TF_DeleteShapeHandle(TF_ShapeHandle *);
void TF_ShapeInferenceContextGetInput(TF_ShapeInferenceContext *, int index, TF_ShapeHandle *, TF_Status *);
void TF_ShapeInferenceContextSetOutput(TF_ShapeInferenceContext *, int index, TF_ShapeHandle *, TF_Status *);

/* Its kernels: TF_RegisterKernelBuilder takes over the builder. */
TF_KernelBuilder *TF_NewKernelBuilder(const char *op, const char *device, void *(*create)(TF_OpKernelConstruction *),
                                      void (*compute)(void *kernel, TF_OpKernelContext *),
                                      void (*destroy)(void *kernel));
void TF_KernelBuilder_TypeConstraint(TF_KernelBuilder *, const char *attr, TF_DataType, TF_Status *);
void TF_RegisterKernelBuilder(const char *kernel, TF_KernelBuilder *, TF_Status *);
void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction *, const char *attr, float *value, TF_Status *);
void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction *, TF_Status *);
void TF_OpKernelContext_Failure(TF_OpKernelContext *, TF_Status *);
void TF_GetInput(TF_OpKernelContext *, int index, TF_Tensor **, TF_Status *);
TF_Tensor *TF_AllocateOutput(TF_OpKernelContext *, int index, TF_DataType, const int64_t *dims, int num_dims,
                             size_t bytes, TF_Status *);

#ifdef __cplusplus
}
#endif

#endif
