/* Entry points of io.opgraft.tensorrt.internal.Shim: what of TensorRT and CUDA the presets do not offer or do slowly. */
#include "log.h"

#include <cstring>
#include <dlfcn.h>
#include <jni.h>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {
#include "cuda.h"
#include "nvml.h"
}

using namespace opgraft;

#define SHIM(type, name) extern "C" JNIEXPORT type JNICALL Java_io_opgraft_tensorrt_internal_Shim_##name

namespace {

/* Copies of one run: where to, where from, how many bytes. */
struct Copy {
    uint64_t to;
    uint64_t from;
    uint64_t size;
};

jbyteArray bytes(JNIEnv *env, char const *text, size_t length) {
    jbyteArray made = env->NewByteArray(static_cast<jsize>(length));
    if (made != nullptr) {
        env->SetByteArrayRegion(made, 0, static_cast<jsize>(length), reinterpret_cast<jbyte const *>(text));
    }
    return made;
}

jbyteArray bytes(JNIEnv *env, char const *text) {
    return text == nullptr ? nullptr : bytes(env, text, std::strlen(text));
}

std::string text(JNIEnv *env, jbyteArray value) {
    std::string made(static_cast<size_t>(env->GetArrayLength(value)), '\0');
    env->GetByteArrayRegion(value, 0, static_cast<jsize>(made.size()), reinterpret_cast<jbyte *>(&made[0]));
    return made;
}

template <typename T> T as(jlong address) {
    return reinterpret_cast<T>(static_cast<uintptr_t>(address));
}

template <typename T> jlong address(T pointer) {
    return static_cast<jlong>(reinterpret_cast<uintptr_t>(pointer));
}

result copies_in(stream on, Copy const *table, jint count) {
    for (jint i = 0; i < count; i++) {
        result code = table[i].size == 0
                          ? 0
                          : driver.copy_in(table[i].to, reinterpret_cast<void *>(table[i].from), table[i].size, on);
        if (code != 0) {
            return code;
        }
    }
    return 0;
}

result copies_out(stream on, Copy const *table, jint count) {
    for (jint i = 0; i < count; i++) {
        result code = table[i].size == 0
                          ? 0
                          : driver.copy_out(reinterpret_cast<void *>(table[i].to), table[i].from, table[i].size, on);
        if (code != 0) {
            return code;
        }
    }
    return 0;
}

} // namespace

SHIM(jbyteArray, openDriver)(JNIEnv *env, jclass, jbyteArray library) {
    return bytes(env, driver_open(text(env, library).c_str()));
}

SHIM(jint, deviceCount)(JNIEnv *, jclass) {
    int count = 0;
    return driver.device_count(&count) == 0 ? count : 0;
}

SHIM(jint, driverVersion)(JNIEnv *, jclass) {
    int version = 0;
    driver.driver_version(&version);
    return version;
}

SHIM(jbyteArray, deviceName)(JNIEnv *env, jclass, jint ordinal) {
    int device = 0;
    char name[256] = "";
    if (driver.device_get(&device, ordinal) != 0 || driver.device_name(name, sizeof name, device) != 0) {
        return bytes(env, "unknown");
    }
    return bytes(env, name);
}

SHIM(jbyteArray, deviceUuid)(JNIEnv *env, jclass, jint ordinal) {
    int device = 0;
    unsigned char id[16];
    if (driver.device_get(&device, ordinal) != 0 || driver.device_uuid(id, device) != 0) {
        return nullptr;
    }
    char name[] = "GPU-00000000-0000-0000-0000-000000000000";
    char *place = name + 4;
    for (unsigned char byte : id) {
        place += *place == '-';
        *place++ = "0123456789abcdef"[byte >> 4];
        *place++ = "0123456789abcdef"[byte & 15];
    }
    return bytes(env, name);
}

SHIM(jlong, openMonitor)(JNIEnv *env, jclass, jbyteArray library) {
    return address(nvml_open(text(env, library).c_str()));
}

SHIM(jdoubleArray, figures)(JNIEnv *env, jclass, jlong monitor, jbyteArray uuid) {
    double figures[NVML_FIGURES];
    if (nvml_figures(as<nvml const *>(monitor), text(env, uuid).c_str(), figures) == 0) {
        return nullptr;
    }
    jdoubleArray made = env->NewDoubleArray(NVML_FIGURES);
    if (made != nullptr) {
        env->SetDoubleArrayRegion(made, 0, NVML_FIGURES, figures);
    }
    return made;
}

SHIM(jint, deviceAttribute)(JNIEnv *, jclass, jint ordinal, jint attribute) {
    int device = 0, value = 0;
    return driver.device_get(&device, ordinal) == 0 && driver.device_attribute(&value, attribute, device) == 0 ? value
                                                                                                               : -1;
}

SHIM(jlong, retainContext)(JNIEnv *, jclass, jint ordinal) {
    int device = 0;
    context made = nullptr;
    if (driver.device_get(&device, ordinal) != 0 || driver.context_retain(&made, device) != 0) {
        return 0;
    }
    return address(made);
}

SHIM(jint, use)(JNIEnv *, jclass, jlong used) {
    return driver.context_set(as<context>(used));
}

SHIM(jlong, freeMemory)(JNIEnv *, jclass) {
    size_t free = 0, total = 0;
    return driver.memory_info(&free, &total) == 0 ? static_cast<jlong>(free) : -1;
}

SHIM(jlong, allocateHost)(JNIEnv *, jclass, jlong used, jlong size) {
    void *memory = nullptr;
    if (driver.context_set(as<context>(used)) != 0 ||
        driver.host_allocate(&memory, static_cast<size_t>(size), HOST_MEMORY_PORTABLE) != 0) {
        return 0;
    }
    return address(memory);
}

SHIM(void, freeHost)(JNIEnv *, jclass, jlong used, jlong memory) {
    driver.context_set(as<context>(used));
    driver.host_free(as<void *>(memory));
}

SHIM(jlong, allocateDevice)(JNIEnv *, jclass, jlong used, jlong size) {
    device_address memory = 0;
    if (driver.context_set(as<context>(used)) != 0 ||
        driver.device_allocate(&memory, static_cast<size_t>(size)) != 0) {
        return 0;
    }
    return static_cast<jlong>(memory);
}

SHIM(void, freeDevice)(JNIEnv *, jclass, jlong used, jlong memory) {
    driver.context_set(as<context>(used));
    driver.device_free(static_cast<device_address>(memory));
}

SHIM(jlong, createStream)(JNIEnv *, jclass, jlong used) {
    stream made = nullptr;
    if (driver.context_set(as<context>(used)) != 0 || driver.stream_create(&made, STREAM_NON_BLOCKING) != 0) {
        return 0;
    }
    return address(made);
}

SHIM(jint, waitFor)(JNIEnv *, jclass, jlong used, jlong on) {
    driver.context_set(as<context>(used));
    return driver.stream_wait(as<stream>(on));
}

SHIM(void, destroyStream)(JNIEnv *, jclass, jlong used, jlong on) {
    driver.context_set(as<context>(used));
    driver.stream_destroy(as<stream>(on));
}

SHIM(jint, begin)(JNIEnv *, jclass, jlong used, jlong on, jlong table, jint count) {
    result code = driver.context_set(as<context>(used));
    return code != 0 ? code : copies_in(as<stream>(on), as<Copy *>(table), count);
}

SHIM(jint, finish)(JNIEnv *, jclass, jlong on, jlong table, jint count) {
    result code = copies_out(as<stream>(on), as<Copy *>(table), count);
    result waited = driver.stream_wait(as<stream>(on));
    return code != 0 ? code : waited;
}

SHIM(jint, beginCapture)(JNIEnv *, jclass, jlong used, jlong on) {
    result code = driver.context_set(as<context>(used));
    return code != 0 ? code : driver.capture_begin(as<stream>(on), CAPTURE_THIS_THREAD);
}

SHIM(jlong, endCapture)(JNIEnv *, jclass, jlong on) {
    graph captured = nullptr;
    result ended = driver.capture_end(as<stream>(on), &captured);
    graph_exec made = nullptr;
    if (ended == 0 && captured != nullptr && driver.graph_make(&made, captured, 0) != 0) {
        made = nullptr;
    }
    if (captured != nullptr) {
        driver.graph_destroy(captured);
    }
    return address(made);
}

SHIM(jint, replay)
(JNIEnv *, jclass, jlong used, jlong on, jlong what, jlong in, jint inputs, jlong out, jint outputs) {
    result code = driver.context_set(as<context>(used));
    if (code == 0) {
        code = copies_in(as<stream>(on), as<Copy *>(in), inputs);
    }
    if (code == 0) {
        code = driver.graph_launch(as<graph_exec>(what), as<stream>(on));
    }
    if (code == 0) {
        code = copies_out(as<stream>(on), as<Copy *>(out), outputs);
    }
    // After a failure too: nothing may still be copied when the tensors go back.
    result waited = driver.stream_wait(as<stream>(on));
    return code != 0 ? code : waited;
}

SHIM(void, destroyGraph)(JNIEnv *, jclass, jlong used, jlong what) {
    driver.context_set(as<context>(used));
    driver.graph_exec_destroy(as<graph_exec>(what));
}

SHIM(jbyteArray, errorText)(JNIEnv *env, jclass, jint code) {
    char const *found = nullptr;
    return driver.error_text(code, &found) == 0 ? bytes(env, found) : bytes(env, "unknown error");
}

SHIM(jlong, openLibrary)(JNIEnv *env, jclass, jbyteArray path) {
    return address(dlopen(text(env, path).c_str(), RTLD_NOW | RTLD_LOCAL));
}

SHIM(jbyteArray, loaderError)(JNIEnv *env, jclass) {
    char const *found = dlerror();
    return bytes(env, found == nullptr ? "the dynamic loader gave no reason" : found);
}

SHIM(void, closeLibrary)(JNIEnv *, jclass, jlong library) {
    dlclose(as<void *>(library));
}

SHIM(jbyteArray, pathOf)(JNIEnv *env, jclass, jlong library, jbyteArray symbol) {
    void *found = dlsym(as<void *>(library), text(env, symbol).c_str());
    Dl_info info = {};
    return found == nullptr || dladdr(found, &info) == 0 ? nullptr : bytes(env, info.dli_fname);
}

SHIM(jint, versionOf)(JNIEnv *, jclass, jlong library) {
    void *found = dlsym(as<void *>(library), "getInferLibVersion");
    return found == nullptr ? -1 : reinterpret_cast<int32_t (*)()>(found)();
}

SHIM(jlong, newLog)(JNIEnv *, jclass) {
    return address(static_cast<Logger *>(new KeptLog()));
}

SHIM(jbyteArray, takeLog)(JNIEnv *env, jclass, jlong log) {
    std::string lines = static_cast<KeptLog *>(as<Logger *>(log))->take();
    return bytes(env, lines.data(), lines.size());
}

SHIM(void, writeLog)(JNIEnv *env, jclass, jlong log, jint severity, jbyteArray line) {
    as<Logger *>(log)->log(severity, text(env, line).c_str());
}

SHIM(void, deleteLog)(JNIEnv *, jclass, jlong log) {
    delete as<Logger *>(log);
}

SHIM(void, deleteObject)(JNIEnv *, jclass, jlong object) {
    delete as<Deletable *>(object);
}

SHIM(jlong, mapFile)(JNIEnv *env, jclass, jbyteArray path, jlong size) {
    int file = open(text(env, path).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return 0;
    }
    void *mapped = mmap(nullptr, static_cast<size_t>(size), PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    return mapped == MAP_FAILED ? 0 : address(mapped);
}

SHIM(void, unmapFile)(JNIEnv *, jclass, jlong memory, jlong size) {
    munmap(as<void *>(memory), static_cast<size_t>(size));
}

SHIM(jlong, addressOf)(JNIEnv *env, jclass, jobject buffer) {
    return address(env->GetDirectBufferAddress(buffer));
}

SHIM(jobject, view)(JNIEnv *env, jclass, jlong memory, jlong size) {
    return env->NewDirectByteBuffer(as<void *>(memory), size);
}

SHIM(jboolean, areBooleans)(JNIEnv *, jclass, jlong memory, jlong size) {
    unsigned char const *at = as<unsigned char const *>(memory);
    unsigned char all = 0;
    for (jlong i = 0; i < size; i++) {
        all |= at[i];
    }
    return all <= 1;
}
