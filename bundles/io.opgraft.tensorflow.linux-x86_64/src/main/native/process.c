/*
 * Registrations for the whole process. Their names cannot be made private, so the calls go on as they are; in a scope the
 * name is noted, so that two libraries that would take the same one are not loaded into one process.
 */
#define _GNU_SOURCE
#include "cxx.h"
#include "scope.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * The function that a library would have reached without this one: its own, if it carries one, as libraries with a
 * protobuf inside do. Such registrations stay inside it and are none of TensorFlow's. The library is known by something
 * that it hands over, since initialisers jump to the last function that they call, so that no return address tells.
 */
static void *meant(const void *data, const char *symbol, int *own) {
    Dl_info info;
    struct link_map *library = NULL;
    void *found = NULL;
    if (dladdr1(data, &info, (void **)&library, RTLD_DL_LINKMAP) != 0 && library != NULL && library->l_name[0] != '\0') {
        void *handle = dlopen(library->l_name, RTLD_NOLOAD | RTLD_LAZY);
        found = handle == NULL ? NULL : dlsym(handle, symbol);
        if (handle != NULL) {
            dlclose(handle);
        }
    }
    void *framework = framework_function(symbol);
    *own = found != NULL && found != framework;
    return found != NULL ? found : framework;
}

static void *of_tensorflow(const char *symbol) {
    void *found = dlsym(framework_handle(), symbol);
    found = found == NULL ? tensorflow_function(symbol) : found;
    return found == NULL ? framework_function(symbol) : found;
}

static void note_string(enum kind kind, const struct cxx_string *name) {
    scope_note(kind, name->data, name->length);
}

static void note_chars(enum kind kind, const char *name) {
    scope_note(kind, name, strlen(name));
}

/*
 * Every parameter and result of these functions travels in integer registers (objects by their address), so one shape
 * fits them all: "note" says where the name is.
 */
typedef void *any_function(void *a, void *b, void *c, void *d, void *e, void *f);

#define NOTED(function, symbol, note)                                                                                 \
    EXPORTED any_function function __asm__(symbol);                                                                   \
    void *function(void *a, void *b, void *c, void *d, void *e, void *f) {                                            \
        note;                                                                                                         \
        return ((any_function *)of_tensorflow(symbol))(a, b, c, d, e, f);                                             \
    }

/* The same for functions that a library may have itself; data is its own in any case. */
#define NOTED_UNLESS_OWN(function, symbol, data, note)                                                                \
    EXPORTED any_function function __asm__(symbol);                                                                   \
    void *function(void *a, void *b, void *c, void *d, void *e, void *f) {                                            \
        int own;                                                                                                      \
        any_function *real = (any_function *)meant(data, symbol, &own);                                               \
        if (!own) {                                                                                                   \
            note;                                                                                                     \
        }                                                                                                             \
        return real(a, b, c, d, e, f);                                                                                \
    }

/* The name of a file is field 1 of its serialized descriptor and comes first. */
static void note_descriptor(const uint8_t *data, size_t size) {
    size_t length = 0;
    size_t at = 1;
    for (unsigned shift = 0; size > at && shift < 28; shift += 7) {
        uint8_t byte = data[at++];
        length |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    if (size > 0 && data[0] == 0x0a && length <= size - at) {
        scope_note(KIND_PROTOBUF_FILE, (const char *)data + at, length);
    } else {
        note_chars(KIND_PROTOBUF_FILE, "*");
    }
}

/* google::protobuf::internal::DescriptorTable up to the file name, as protobuf 3.9 to 5 have it. */
struct descriptor_table {
    _Bool is_initialized;
    _Bool is_eager;
    int size;
    const char *descriptor;
    const char *filename;
};

/* static void DescriptorPool::InternalAddGeneratedFile(const void* descriptor, int size). */
NOTED_UNLESS_OWN(
    add_generated_file, "_ZN6google8protobuf14DescriptorPool24InternalAddGeneratedFileEPKvi", a,
    note_descriptor(a, (size_t)(uint32_t)(uintptr_t)b))
/* AddDescriptorsRunner::AddDescriptorsRunner(const DescriptorTable* table). */
NOTED_UNLESS_OWN(
    add_descriptors_1, "_ZN6google8protobuf8internal20AddDescriptorsRunnerC1EPKNS1_15DescriptorTableE", b,
    note_chars(KIND_PROTOBUF_FILE, ((const struct descriptor_table *)b)->filename))
NOTED_UNLESS_OWN(
    add_descriptors_2, "_ZN6google8protobuf8internal20AddDescriptorsRunnerC2EPKNS1_15DescriptorTableE", b,
    note_chars(KIND_PROTOBUF_FILE, ((const struct descriptor_table *)b)->filename))

/* static void DeviceFactory::Register(const std::string& type, std::unique_ptr<DeviceFactory>, int, bool). */
NOTED(
    register_device,
    "_ZN10tensorflow13DeviceFactory8RegisterERK" STRING_TYPE "St10unique_ptrIS0_St14default_deleteIS0_EEib",
    note_string(KIND_DEVICE, a))
/* static void SessionFactory::Register(const std::string& type, SessionFactory*). */
NOTED(
    register_session, "_ZN10tensorflow14SessionFactory8RegisterERK" STRING_TYPE "PS0_",
    note_string(KIND_SESSION, a))
/* static void ServerFactory::Register(const std::string& type, ServerFactory*). */
NOTED(
    register_server, "_ZN10tensorflow13ServerFactory8RegisterERK" STRING_TYPE "PS0_", note_string(KIND_SERVER, a))
/* static Status CollectiveRegistry::Register(const std::string& name, std::function<...>); the result's place is first. */
NOTED(
    register_collective,
    "_ZN10tensorflow18CollectiveRegistry8RegisterERK" STRING_TYPE
    "St8functionIFPNS_33CollectiveImplementationInterfaceEvEE",
    note_string(KIND_COLLECTIVE, b))
/* void AllocatorFactoryRegistry::Register(const char* file, int line, const std::string& name, int, AllocatorFactory*). */
NOTED(
    register_allocator, "_ZN3tsl24AllocatorFactoryRegistry8RegisterEPKciRK" STRING_TYPE "iPNS_16AllocatorFactoryE",
    note_string(KIND_ALLOCATOR, d))
/* static void CostMeasurementRegistry::RegisterCostMeasurement(std::string_view name, std::function<...>). */
NOTED(
    register_cost,
    "_ZN10tensorflow23CostMeasurementRegistry23RegisterCostMeasurementE" VIEW_TYPE
    "St8functionIFSt10unique_ptrINS_15CostMeasurementESt14default_deleteIS7_EERKNS7_7ContextEEE",
    scope_note(KIND_COST, b, (size_t)a))
/* static void data::DatasetExperimentRegistry::Register(const std::string& name, ...). */
NOTED(
    register_experiment,
    "_ZN10tensorflow4data25DatasetExperimentRegistry8RegisterERK" STRING_TYPE "St8functionIFbmEESA_IFblbEE",
    note_string(KIND_EXPERIMENT, a))
/* void xla::CustomCallTargetRegistry::Register(const std::string& symbol, void*, const std::string& platform). */
NOTED(
    register_custom_call, "_ZN3xla24CustomCallTargetRegistry8RegisterERK" STRING_TYPE "PvS8_",
    note_string(KIND_CUSTOM_CALL, b))
/* static void XlaOpRegistry::RegisterBackend(const std::string& name, absl::Span<const DataType>, ...). */
NOTED(
    register_xla_backend,
    "_ZN10tensorflow13XlaOpRegistry15RegisterBackendERK" STRING_TYPE
    "N4absl12lts_202308024SpanIKNS_8DataTypeEEEPFbPNS_9KernelDefEE",
    note_string(KIND_XLA_BACKEND, a))

/* A GraphOptimizationPass begins with its virtual table and its name. */
struct graph_pass {
    const void *table;
    struct cxx_string name;
};

/* void OptimizationPassRegistry::Register(Grouping, int, std::unique_ptr<GraphOptimizationPass>). */
NOTED(
    register_graph_pass,
    "_ZN10tensorflow24OptimizationPassRegistry8RegisterENS0_8GroupingEi"
    "St10unique_ptrINS_21GraphOptimizationPassESt14default_deleteIS3_EE",
    note_string(KIND_GRAPH_PASS, &(*(struct graph_pass **)d)->name))

/* A TypeIndex: a hash and the mangled name of the type. */
struct type_index {
    uint64_t hash;
    const char *name;
};

/*
 * void UnaryVariantOpRegistry::RegisterDeviceCopyFn(VariantDeviceCopyDirection, const TypeIndex&, ...): an inline
 * function, so libraries have a copy of their own, which enters the type into TensorFlow's table all the same.
 */
NOTED(
    register_device_copy,
    "_ZN10tensorflow22UnaryVariantOpRegistry20RegisterDeviceCopyFnENS_26VariantDeviceCopyDirectionERKNS_9TypeIndexE"
    "RKSt8functionIFN4absl12lts_202308026StatusERKNS_7VariantEPS9_S5_IFS8_RKNS_6TensorEPSD_EEEE",
    note_chars(KIND_VARIANT_COPY, ((const struct type_index *)c)->name))

/*
 * File systems are registered through a virtual function, which nothing can stand before; so what TensorFlow knows is
 * read before a load and after it. tsl::Env::GetRegisteredFileSystemSchemes(std::vector<std::string>*) returns a Status.
 */
#define GET_SCHEMES                                                                                                   \
    "_ZN3tsl3Env30GetRegisteredFileSystemSchemesEPSt6vectorI" STRING_TYPE "SaIS7_EE"

typedef void *default_environment(void);
typedef void *get_schemes(void *status, void *environment, struct schemes *schemes);

static size_t count(const struct schemes *schemes) {
    return (size_t)((struct cxx_string *)schemes->end - (struct cxx_string *)schemes->begin);
}

void schemes_read(struct schemes *schemes) {
    void *framework = framework_handle();
    default_environment *environment = (default_environment *)dlsym(framework, "_ZN3tsl3Env7DefaultEv");
    get_schemes *get = (get_schemes *)dlsym(framework, GET_SCHEMES);
    *schemes = (struct schemes){0};
    if (environment != NULL && get != NULL) {
        /* Always good, so it holds nothing that must be given back. */
        void *status;
        get(&status, environment(), schemes);
    }
}

void schemes_note_new(const struct schemes *before, const struct schemes *after) {
    const struct cxx_string *known = before->begin;
    const struct cxx_string *now = after->begin;
    for (size_t i = 0; i < count(after); i++) {
        int is_new = 1;
        for (size_t k = 0; k < count(before); k++) {
            is_new &= known[k].length != now[i].length || memcmp(known[k].data, now[i].data, now[i].length) != 0;
        }
        if (is_new) {
            note_string(KIND_FILE_SYSTEM, &now[i]);
        }
    }
}

void schemes_free(struct schemes *schemes) {
    struct cxx_string *strings = schemes->begin;
    for (size_t i = 0; i < count(schemes); i++) {
        if (strings[i].data != strings[i].store.local) {
            free(strings[i].data);
        }
    }
    free(strings);
}
