/* Opens a plan with its plugin libraries and runs it once. Some plugins end the process at that; this one may end. */
#include "../log.h"
#include "report.h"
#include "slots.h"
#include "trial.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

extern "C" {
#include "../cuda.h"
}

using namespace opgraft;

namespace {

enum { INPUT = 1, USUAL = 1 };

KeptLog messages;

/* Ends the trial: what TensorRT refuses without a crash, the server hears itself. */
[[noreturn]] void refused(std::string const &what) {
    tell('O', what + ": " + messages.take());
    tell('D', "");
    _exit(0);
}

void *open_plan(void *runtime, char const *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about = {};
    if (file < 0 || fstat(file, &about) != 0) {
        refused("the plan cannot be read");
    }
    size_t size = static_cast<size_t>(about.st_size);
    void *content = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (content == MAP_FAILED) {
        refused("the plan cannot be read");
    }
    return inside<void *>(runtime, slot::DESERIALIZE, static_cast<void const *>(content), size);
}

void load_libraries(void *registry, char const *paths) {
    std::istringstream lines(paths);
    std::string path;
    while (std::getline(lines, path)) {
        if (call<void *>(registry, slot::LOAD_LIBRARY, path.c_str()) == nullptr) {
            refused("a library cannot be loaded");
        }
    }
}

/* Bytes of an element by TensorRT's number of its type; as many as any type has where that is not known. */
size_t element_size(int32_t type) {
    static size_t const sizes[] = {4, 2, 1, 4, 1, 1, 1, 2, 8, 1};
    return type >= 0 && type < static_cast<int32_t>(sizeof sizes / sizeof *sizes) ? sizes[type] : 8;
}

size_t elements(Dims const &shape) {
    size_t count = 1;
    for (int32_t i = 0; i < shape.count; i++) {
        if (shape.sizes[i] < 0) {
            refused("the shape of a tensor is not known");
        }
        count *= static_cast<size_t>(shape.sizes[i]);
    }
    return count;
}

void run(void *engine, void *context_object, stream on) {
    std::vector<char const *> names;
    int32_t count = inside<int32_t>(engine, slot::TENSOR_COUNT);
    for (int32_t i = 0; i < count; i++) {
        char const *name = inside<char const *>(engine, slot::TENSOR_NAME, i);
        names.push_back(name);
        if (inside<int32_t>(engine, slot::IO_MODE, name) == INPUT) {
            Dims usual = inside<Dims>(engine, slot::PROFILE_SHAPE, name, 0, static_cast<int32_t>(USUAL));
            if (usual.count >= 0) {
                inside<bool>(context_object, slot::SET_INPUT_SHAPE, name, static_cast<Dims const *>(&usual));
            }
        }
    }
    for (char const *name : names) {
        Dims shape = inside<Dims>(context_object, slot::TENSOR_SHAPE, name);
        size_t size = elements(shape) * element_size(inside<int32_t>(engine, slot::TENSOR_TYPE, name));
        device_address memory = 0;
        if (driver.device_allocate(&memory, size + 256) != 0) {
            refused("there is no memory for the tensors");
        }
        std::vector<char> zeros(size);
        driver.copy_in(memory, zeros.data(), size, on);
        driver.stream_wait(on);
        inside<bool>(context_object, slot::SET_ADDRESS, name, reinterpret_cast<void *>(memory));
    }
    if (!inside<bool>(context_object, slot::ENQUEUE, on)) {
        refused("the plan does not run");
    }
    driver.stream_wait(on);
}

} // namespace

void trial_plan(int file, const char *tensorrt, const char *libraries, const char *plan, int number) {
    report_to(file);
    int device = 0;
    context used = nullptr;
    stream on = nullptr;
    const char *fault = driver_open("libcuda.so.1");
    if (fault != nullptr || driver.device_get(&device, number) != 0 || driver.context_retain(&used, device) != 0 ||
        driver.context_set(used) != 0 || driver.stream_create(&on, STREAM_NON_BLOCKING) != 0) {
        tell('F', fault == nullptr ? "the GPU cannot be used" : fault);
        return;
    }
    void *loaded = dlopen(tensorrt, RTLD_NOW | RTLD_LOCAL);
    void *version = loaded == nullptr ? nullptr : dlsym(loaded, "getInferLibVersion");
    void *create = loaded == nullptr ? nullptr : dlsym(loaded, "createInferRuntime_INTERNAL");
    if (version == nullptr || create == nullptr) {
        tell('F', loader_error());
        return;
    }
    void *runtime = reinterpret_cast<void *(*)(void *, int32_t)>(create)(
        static_cast<Logger *>(&messages), reinterpret_cast<int32_t (*)()>(version)());
    if (reinterpret_cast<uintptr_t>(runtime) < 0x10000) {
        refused("TensorRT does not start");
    }
    inside<void>(runtime, slot::SET_TEMPORARY_FILES, 0u);
    void *registry = inside<void *>(runtime, slot::PLUGIN_REGISTRY);
    call<void>(registry, slot::SET_PARENT_SEARCH, false);
    tell('P', "its libraries were loaded");
    load_libraries(registry, libraries);
    tell('P', "the plan was opened");
    void *engine = open_plan(runtime, plan);
    if (engine == nullptr) {
        refused("the plan cannot be opened");
    }
    tell('P', "an instance was made");
    void *made = inside<void *>(engine, slot::CREATE_CONTEXT, static_cast<int32_t>(0));
    if (made == nullptr) {
        refused("no instance can be made");
    }
    tell('P', "it ran");
    run(engine, made, on);
    tell('D', "");
}
