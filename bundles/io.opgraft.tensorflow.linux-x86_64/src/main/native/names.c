/*
 * Names at run time. Kernels that ask for their own op see the name that their author wrote; datasets that state a name
 * of their own when a graph is written are known there by the private one.
 */
#define _GNU_SOURCE
#include "cxx.h"
#include "scope.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* TF_Buffer, as TensorFlow's stable C API declares it. */
struct tf_buffer {
    const void *data;
    size_t length;
    void (*deallocator)(void *data, size_t length);
};

typedef struct tf_buffer *get_node_def(void *construction, void *status);
typedef void *new_status(void);
typedef void one_argument(void *object);

static void free_data(void *data, size_t length) {
    (void)length;
    free(data);
}

/* Reads a number of a protocol buffer; the place behind it, or NULL. */
static const uint8_t *read_number(const uint8_t *at, const uint8_t *end, uint64_t *number) {
    *number = 0;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        *number |= (uint64_t)(*at & 0x7f) << shift;
        if (*at++ < 0x80) {
            return at;
        }
    }
    return NULL;
}

/* The op of a serialized NodeDef, which is field 2 and comes among the first. */
struct op_field {
    const uint8_t *start;
    const char *name;
    size_t length;
};

/* Whether there is one. */
static int find_op(const struct tf_buffer *node, struct op_field *op) {
    const uint8_t *at = node->data;
    const uint8_t *end = at + node->length;
    while (at < end) {
        uint64_t tag, size = 0;
        const uint8_t *start = at;
        at = read_number(at, end, &tag);
        /* Only fields with a size come before it. */
        at = at == NULL || (tag & 7) != 2 ? NULL : read_number(at, end, &size);
        if (at == NULL || size > (uint64_t)(end - at)) {
            return 0;
        }
        if (tag >> 3 == 2) {
            *op = (struct op_field){start, (const char *)at, (size_t)size};
            return 1;
        }
        at += size;
    }
    return 0;
}

/* tf.data finds the ops of its graphs by the names of their kernels, so those have to keep the private name. */
static int is_dataset(const char *name, size_t length) {
    static const char suffix[] = "Dataset";
    while (length > 0 && name[length - 1] >= '0' && name[length - 1] <= '9') {
        length--;
    }
    length -= length > 0 && name[length - 1] == 'V';
    size_t size = sizeof suffix - 1;
    return length >= size && memcmp(name + length - size, suffix, size) == 0;
}

/* Gives a serialized NodeDef the name that the author of its op wrote. Whether it had another one. */
static int restore_op(struct tf_buffer *node) {
    struct op_field op;
    if (!find_op(node, &op)) {
        return 0;
    }
    size_t length = op.length;
    const char *author = scope_author_name(op.name, &length);
    uint8_t *data = author == NULL || is_dataset(author, length) ? NULL : malloc(node->length + 2);
    if (data == NULL) {
        return 0;
    }
    /* The name is shorter now, so its length takes no more bytes than before. */
    size_t head = (size_t)(op.start - (const uint8_t *)node->data);
    const uint8_t *rest = (const uint8_t *)op.name + op.length;
    size_t rest_length = node->length - (size_t)(rest - (const uint8_t *)node->data);
    memcpy(data, node->data, head);
    uint8_t *at = data + head;
    *at++ = 2 << 3 | 2;
    size_t left = length;
    for (; left >= 0x80; left >>= 7) {
        *at++ = (uint8_t)(left | 0x80);
    }
    *at++ = (uint8_t)left;
    memcpy(at, author, length);
    memcpy(at + length, rest, rest_length);
    if (node->deallocator != NULL) {
        node->deallocator((void *)(uintptr_t)node->data, node->length);
    }
    *node = (struct tf_buffer){data, (size_t)(at + length + rest_length - data), free_data};
    return 1;
}

static get_node_def *real_get_node_def(void) {
    return (get_node_def *)framework_function("TF_OpKernelConstruction_GetNodeDef");
}

/* For kernels of the C API, which learn the name of their op from here alone. */
EXPORTED struct tf_buffer *TF_OpKernelConstruction_GetNodeDef(void *construction, void *status) {
    struct tf_buffer *node = real_get_node_def()(construction, status);
    if (node != NULL && node->data != NULL) {
        restore_op(node);
    }
    return node;
}

/* The node of a kernel with its author's name, or NULL if it has it already. */
static struct tf_buffer *authors_node(void *construction) {
    void *status = ((new_status *)framework_function("TF_NewStatus"))();
    struct tf_buffer *node = real_get_node_def()(construction, status);
    ((one_argument *)framework_function("TF_DeleteStatus"))(status);
    if (node != NULL && (node->data == NULL || !restore_op(node))) {
        ((one_argument *)framework_function("TF_DeleteBuffer"))(node);
        node = NULL;
    }
    return node;
}

/* std::shared_ptr, and where the two classes of TensorFlow 2.18 keep theirs to the NodeProperties. */
struct shared {
    void *object;
    struct {
        const void *table;
        int users;
        int watchers;
    } *count;
};
enum { IN_KERNEL = 8, IN_CONSTRUCTION = 64, NODE_DEF_SPACE = 512 };

static struct shared *shared_at(void *object, size_t offset) {
    return (struct shared *)((char *)object + offset);
}

#define NODE_DEF "_ZN10tensorflow7NodeDef"
#define KERNEL_CONSTRUCTOR "_ZN10tensorflow8OpKernelC2EPNS_20OpKernelConstructionE"

typedef void construct_kernel(void *kernel, void *construction, _Bool deferred);
typedef void construct_with_node(void *kernel, void *construction, void *node, _Bool deferred);
typedef void construct_node(void *node, void *arena, _Bool owned);
typedef _Bool parse(void *message, const void *data, int size);

/* Makes the kernel again with another node, and lets the construction, which goes on, see that node too. */
static void construct_again(void *kernel, void *construction, const struct tf_buffer *node, _Bool deferred) {
    _Alignas(16) char space[NODE_DEF_SPACE];
    ((construct_node *)framework_function(NODE_DEF "C1EPN6google8protobuf5ArenaEb"))(space, NULL, 0);
    parse *read = (parse *)framework_function("_ZN6google8protobuf11MessageLite14ParseFromArrayEPKvi");
    if (read(space, node->data, (int)node->length)) {
        ((one_argument *)framework_function("_ZN10tensorflow8OpKernelD2Ev"))(kernel);
        construct_with_node *construct =
            (construct_with_node *)framework_function("_ZN10tensorflow8OpKernelC2EPNS_20OpKernelConstructionEONS_7NodeDefEb");
        construct(kernel, construction, space, deferred);
        struct shared *properties = shared_at(construction, IN_CONSTRUCTION);
        struct shared before = *properties;
        struct shared after = *shared_at(kernel, IN_KERNEL);
        __atomic_add_fetch(&after.count->users, 1, __ATOMIC_ACQ_REL);
        *properties = after;
        /* Never the last one: whoever constructs the kernel holds it too. */
        __atomic_sub_fetch(&before.count->users, 1, __ATOMIC_ACQ_REL);
    }
    ((one_argument *)framework_function(NODE_DEF "D1Ev"))(space);
}

/* Whether an OpDef, or one that cannot be read, says is_stateful, which is field 17. */
static int is_stateful(const void *op_def) {
    typedef void serialize(struct cxx_string *result, const void *message);
    struct cxx_string bytes;
    ((serialize *)framework_function("_ZNK6google8protobuf11MessageLite17SerializeAsStringB5cxx11Ev"))(&bytes, op_def);
    const uint8_t *at = (const uint8_t *)bytes.data;
    const uint8_t *end = at + bytes.length;
    uint64_t tag, number, found = 0;
    while (at != NULL && at < end && !found) {
        at = read_number(at, end, &tag);
        at = at == NULL || ((tag & 7) != 0 && (tag & 7) != 2) ? NULL : read_number(at, end, &number);
        if (at != NULL && (tag & 7) == 2) {
            at = number > (uint64_t)(end - at) ? NULL : at + number;
        } else if (at != NULL && tag >> 3 == 17) {
            found = number;
        }
    }
    if (bytes.data != bytes.store.local) {
        free(bytes.data);
    }
    return at == NULL || found;
}

static void construct(const char *symbol, void *kernel, void *construction, _Bool deferred) {
    ((construct_kernel *)framework_function(symbol))(kernel, construction, deferred);
    /* Kernel and construction share one object now; if not, this TensorFlow has another layout. */
    struct shared *properties = shared_at(construction, IN_CONSTRUCTION);
    /*
     * A session asks by this name whether the kernel's op is stateful, and thus whether it or the executor deletes the
     * kernel. Under a name that is not registered both would. NodeProperties begin with the OpDef's address.
     */
    if (shared_at(kernel, IN_KERNEL)->object == properties->object && !is_stateful(*(void **)properties->object)) {
        struct tf_buffer *node = authors_node(construction);
        if (node != NULL) {
            construct_again(kernel, construction, node, deferred);
            ((one_argument *)framework_function("TF_DeleteBuffer"))(node);
        }
    }
}

/* OpKernel::OpKernel(OpKernelConstruction*), and with a bool: the base of every kernel, so only that form (C2) exists. */
EXPORTED void op_kernel(void *kernel, void *construction) __asm__(KERNEL_CONSTRUCTOR);
void op_kernel(void *kernel, void *construction) {
    construct(KERNEL_CONSTRUCTOR, kernel, construction, 0);
}
EXPORTED void op_kernel_deferred(void *kernel, void *construction, _Bool deferred) __asm__(KERNEL_CONSTRUCTOR "b");
void op_kernel_deferred(void *kernel, void *construction, _Bool deferred) {
    construct(KERNEL_CONSTRUCTOR "b", kernel, construction, deferred);
}

/* data::DatasetBase up to the name of its op. Reference-counted, so it is always a heap object of its own. */
struct dataset {
    const void *table;
    int64_t references;
    struct cxx_string type;
};

typedef void *add_dataset(void *a, void *b, void *dataset, void *d, void *e, void *f, void *g, void *h);

/*
 * A dataset that states the name of its op itself is added under the private name of its library: from a copy
 * of the object, bit by bit, that holds that name, as others may read the original meanwhile. TensorFlow keeps nothing
 * of it.
 */
static void *add_renamed(
    add_dataset *real, void *a, void *b, struct dataset *dataset, void *d, void *e, void *f, void *g,
    void *h) {
    Dl_info info;
    char *name = NULL;
    size_t length = 0;
    /* The virtual table lies in the library of the dataset's class. */
    if (dladdr(dataset->table, &info) != 0) {
        name = scope_private_op(info.dli_fname, dataset->type.data, dataset->type.length, &length);
    }
    size_t size = name == NULL ? 0 : malloc_usable_size(dataset);
    struct dataset *copy = size < sizeof *dataset ? NULL : malloc(size);
    if (copy == NULL) {
        free(name);
        return real(a, b, dataset, d, e, f, g, h);
    }
    memcpy(copy, dataset, size);
    copy->type = (struct cxx_string){.data = name, .length = length, .store.capacity = length};
    void *result = real(a, b, copy, d, e, f, g, h);
    free(copy);
    free(name);
    return result;
}

/*
 * Status GraphDefBuilderWrapper::AddDataset(const DatasetBase*, ..., Node**) in its four forms. The place of the result
 * comes first, and no form has more than eight parameters; those that a form lacks are handed on unread.
 */
#define ADD_DATASET(function, parameters)                                                                             \
    EXPORTED add_dataset function __asm__(                                                                            \
        "_ZN10tensorflow4data22GraphDefBuilderWrapper10AddDatasetEPKNS0_11DatasetBaseE" parameters);                  \
    void *function(void *a, void *b, void *dataset, void *d, void *e, void *f, void *g, void *h) {                    \
        add_dataset *real = (add_dataset *)framework_function(                                                        \
            "_ZN10tensorflow4data22GraphDefBuilderWrapper10AddDatasetEPKNS0_11DatasetBaseE" parameters);              \
        return add_renamed(real, a, b, dataset, d, e, f, g, h);                          \
    }
#define INDEXED                                                                                                       \
    "RKSt6vectorISt4pairImPNS_4NodeEESaIS9_EERKS5_IS6_ImN4absl12lts_202308024SpanIKS8_EEESaISJ_EE"                    \
    "RKS5_IS6_ISt17basic_string_viewIcSt11char_traitsIcEENS_9AttrValueEESaIST_EE"

ADD_DATASET(add_dataset_1, "RKSt6vectorIPNS_4NodeESaIS7_EEPS7_")
ADD_DATASET(
    add_dataset_2,
    "RKSt6vectorIPNS_4NodeESaIS7_EERKS5_ISt4pairISt17basic_string_viewIcSt11char_traitsIcEENS_9AttrValueEESaISI_EEPS7_")
ADD_DATASET(add_dataset_3, INDEXED "PS8_")
ADD_DATASET(add_dataset_4, INDEXED "bPS8_")
