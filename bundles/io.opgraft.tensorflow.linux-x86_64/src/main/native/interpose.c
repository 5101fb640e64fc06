/*
 * The functions through which op libraries register themselves. This library stands before TensorFlow in the global
 * symbol scope, so op libraries bind to these; each hands on to TensorFlow's own, with the private name in a scope.
 */
#include "cxx.h"
#include "scope.h"

#include <stdlib.h>
#include <string.h>

/* The private name as a std::string, or the author's own outside a scope. The heap is malloc's, as operator new's is. */
static const struct cxx_string *renamed(enum kind kind, const struct cxx_string *name, struct cxx_string *storage) {
    size_t length;
    char *data = scope_rename(kind, name->data, name->length, &length);
    if (data == NULL) {
        return name;
    }
    *storage = (struct cxx_string){.data = data, .length = length, .store.capacity = length};
    return storage;
}

/* The callee may have moved the value out; then the data is its own and not ours to free. */
static void release(struct cxx_string *storage) {
    if (storage->data != NULL && storage->data != storage->store.local) {
        free(storage->data);
    }
}

#define REAL(type, symbol) REAL_OF(framework_function, type, symbol)
#define REAL_OF(find, type, symbol)                                                                                            \
    ({                                                                                                                \
        static void *real;                                                                                            \
        void *known = __atomic_load_n(&real, __ATOMIC_ACQUIRE);                                                       \
        if (known == NULL) {                                                                                          \
            known = find(symbol);                                                                     \
            __atomic_store_n(&real, known, __ATOMIC_RELEASE);                                                         \
        }                                                                                                             \
        (type *)known;                                                                                                \
    })

typedef void string_constructor(void *self, const struct cxx_string *name);
typedef void chars_constructor(void *self, const char *name);

/* A constructor that takes a std::string or a char*, in its complete (C1) and base (C2) form. */
#define STRING_CONSTRUCTOR(function, symbol, kind)                                                                    \
    EXPORTED void function(void *self, const struct cxx_string *name) __asm__(symbol);                                \
    void function(void *self, const struct cxx_string *name) {                                                        \
        struct cxx_string storage = {0};                                                                              \
        REAL(string_constructor, symbol)(self, renamed(kind, name, &storage));                                        \
        release(&storage);                                                                                            \
    }
#define CHARS_CONSTRUCTOR(function, symbol, kind)                                                                     \
    EXPORTED void function(void *self, const char *name) __asm__(symbol);                                             \
    void function(void *self, const char *name) {                                                                     \
        size_t length;                                                                                                \
        char *own = scope_rename(kind, name, strlen(name), &length);                                                  \
        REAL(chars_constructor, symbol)(self, own == NULL ? name : own);                                              \
        free(own);                                                                                                    \
    }

STRING_CONSTRUCTOR(op_def_builder_1, "_ZN10tensorflow12OpDefBuilderC1E" STRING_TYPE, KIND_OP)
STRING_CONSTRUCTOR(op_def_builder_2, "_ZN10tensorflow12OpDefBuilderC2E" STRING_TYPE, KIND_OP)
CHARS_CONSTRUCTOR(kernel_def_builder_1, "_ZN10tensorflow16KernelDefBuilderC1EPKc", KIND_KERNEL)
CHARS_CONSTRUCTOR(kernel_def_builder_2, "_ZN10tensorflow16KernelDefBuilderC2EPKc", KIND_KERNEL)
CHARS_CONSTRUCTOR(register_kernel_name_1, "_ZN10tensorflow15register_kernel4NameC1EPKc", KIND_KERNEL)
CHARS_CONSTRUCTOR(register_kernel_name_2, "_ZN10tensorflow15register_kernel4NameC2EPKc", KIND_KERNEL)

typedef void *new_op_builder(const char *name);

void *TF_NewOpDefinitionBuilder(const char *name) {
    size_t length;
    char *own = scope_rename(KIND_OP, name, strlen(name), &length);
    void *result = REAL(new_op_builder, "TF_NewOpDefinitionBuilder")(own == NULL ? name : own);
    free(own);
    return result;
}

typedef void *create_kernel(void *construction);
typedef void compute_kernel(void *kernel, void *context);
typedef void delete_kernel(void *kernel);
typedef void *new_kernel_builder(
    const char *name, const char *device, create_kernel *create, compute_kernel *compute, delete_kernel *delete);

EXPORTED void *TF_NewKernelBuilder(
    const char *name, const char *device, create_kernel *create, compute_kernel *compute, delete_kernel *delete) {
    size_t length;
    char *own = scope_rename(KIND_KERNEL, name, strlen(name), &length);
    void *result =
        REAL(new_kernel_builder, "TF_NewKernelBuilder")(own == NULL ? name : own, device, create, compute, delete);
    free(own);
    return result;
}

/* bool gradient::RegisterOp(const std::string& op, std::function<...> creator). The absl name is TensorFlow 2.18's. */
#define GRADIENT                                                                                                      \
    "_ZN10tensorflow8gradient10RegisterOpERK" STRING_TYPE                                                        \
    "St8functionIFN4absl12lts_202308026StatusERKNS_9AttrSliceEPNS_11FunctionDefEEE"

typedef _Bool register_gradient(const struct cxx_string *name, void *creator);
EXPORTED _Bool gradient_register_op(const struct cxx_string *name, void *creator) __asm__(GRADIENT);

_Bool gradient_register_op(const struct cxx_string *name, void *creator) {
    struct cxx_string storage = {0};
    _Bool result = REAL(register_gradient, GRADIENT)(renamed(KIND_GRADIENT, name, &storage), creator);
    release(&storage);
    return result;
}

/* void UnaryVariantOpRegistry::RegisterDecodeFn(const std::string& type, const std::function<...>& decode). */
#define VARIANT                                                                                                       \
    "_ZN10tensorflow22UnaryVariantOpRegistry16RegisterDecodeFnERK" STRING_TYPE "RKSt8functionIFbPNS_7VariantEEE"

typedef void register_decode(void *self, const struct cxx_string *name, const void *decode);
EXPORTED void register_variant_decode(void *self, const struct cxx_string *name, const void *decode) __asm__(VARIANT);

void register_variant_decode(void *self, const struct cxx_string *name, const void *decode) {
    struct cxx_string storage = {0};
    REAL(register_decode, VARIANT)(self, renamed(KIND_VARIANT, name, &storage), decode);
    release(&storage);
}

/* static void CustomGraphOptimizerRegistry::RegisterOptimizerOrDie(const std::function<...>& c, const std::string& n). */
#define OPTIMIZER                                                                                                     \
    "_ZN10tensorflow8grappler28CustomGraphOptimizerRegistry22RegisterOptimizerOrDieE"                                 \
    "RKSt8functionIFPNS0_20CustomGraphOptimizerEvEERK" STRING_TYPE

typedef void register_optimizer(const void *creator, const struct cxx_string *name);
EXPORTED void register_graph_optimizer(const void *creator, const struct cxx_string *name) __asm__(OPTIMIZER);

void register_graph_optimizer(const void *creator, const struct cxx_string *name) {
    struct cxx_string storage = {0};
    REAL(register_optimizer, OPTIMIZER)(creator, renamed(KIND_OPTIMIZER, name, &storage));
    release(&storage);
}

/* void InputColocationExemptionRegistry::Register(const std::string& op). */
#define COLOCATION "_ZN10tensorflow32InputColocationExemptionRegistry8RegisterERK" STRING_TYPE

EXPORTED void register_colocation(void *self, const struct cxx_string *name) __asm__(COLOCATION);

void register_colocation(void *self, const struct cxx_string *name) {
    struct cxx_string storage = {0};
    REAL(string_constructor, COLOCATION)(self, renamed(KIND_COLOCATION, name, &storage));
    release(&storage);
}

/* bool ops::GradOpRegistry::Register(const std::string& op, Status (*function)(...)): gradients of the C++ client. */
#define CLIENT_GRADIENT                                                                                               \
    "_ZN10tensorflow3ops14GradOpRegistry8RegisterERK" STRING_TYPE "PFN4absl12lts_202308026StatusERKNS_5ScopeE"        \
    "RKNS_9OperationERKSt6vectorINS_6OutputESaISK_EEPSM_E"

typedef _Bool register_client_gradient(void *self, const struct cxx_string *name, void *function);
EXPORTED _Bool register_client_gradient_op(void *self, const struct cxx_string *name, void *function) __asm__(
    CLIENT_GRADIENT);

_Bool register_client_gradient_op(void *self, const struct cxx_string *name, void *function) {
    struct cxx_string storage = {0};
    const struct cxx_string *own = renamed(KIND_CLIENT_GRADIENT, name, &storage);
    _Bool result = REAL_OF(tensorflow_function, register_client_gradient, CLIENT_GRADIENT)(self, own, function);
    release(&storage);
    return result;
}

/* static XlaOpRegistrationBuilder XlaOpRegistrationBuilder::Name(std::string_view op); the result's place comes first. */
#define XLA_KERNEL "_ZN10tensorflow24XlaOpRegistrationBuilder4NameE" VIEW_TYPE

typedef void *xla_name(void *result, size_t length, const char *name);
EXPORTED void *xla_kernel_name(void *result, size_t length, const char *name) __asm__(XLA_KERNEL);

void *xla_kernel_name(void *result, size_t length, const char *name) {
    size_t own_length = length;
    char *own = scope_rename(KIND_XLA_KERNEL, name, length, &own_length);
    void *builder = REAL_OF(tensorflow_function, xla_name, XLA_KERNEL)(result, own_length, own == NULL ? name : own);
    free(own);
    return builder;
}
