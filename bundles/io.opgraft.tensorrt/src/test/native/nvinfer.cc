/*
 * Stands in for libnvinfer: opens "plans" that are lines "op NAME/VERSION", "crash" or "late crash", with the plugin
 * libraries of their registry, and adds and subtracts two tensors of four columns on the host. Its objects have the virtual
 * tables of TensorRT 10, filled where the backend calls them.
 */
#include "objects.h"
#include "probe/slots.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <map>
#include <set>
#include <sstream>
#include <string>

using namespace opgraft;

namespace {

enum { TABLE = 80, COLUMNS = 4, FEW = 3, ERROR = 1 };

struct Object {
    void **table;
};

/* A runtime, engine or context as TensorRT hands it out. */
struct Handle {
    void **table;
    void *implementation;
};

[[noreturn]] void unknown() {
    std::abort();
}

void **table() {
    void **made = new void *[TABLE];
    for (int i = 0; i < TABLE; i++) {
        made[i] = reinterpret_cast<void *>(&unknown);
    }
    return made;
}

template <typename Function> void set(void **of, int slot, Function function) {
    of[slot] = reinterpret_cast<void *>(+function);
}

Handle *handle(void *implementation) {
    static void **shell = nullptr;
    if (shell == nullptr) {
        shell = table();
        set(shell, 1, [](Handle *self) {
            delete self;
        });
    }
    return new Handle{shell, implementation};
}

struct Registry : Object {
    std::set<std::string> names;
};

struct Runtime : Object {
    Logger *log;
    Registry registry;
};

struct Context : Object {
    int64_t rows;
    std::map<std::string, float *> places;
    bool crash;
};

struct Engine : Object {
    bool crash;
};

char const *const tensors[] = {"a", "b", "sum", "diff"};

Dims dims(int64_t rows) {
    return {2, {rows, COLUMNS}};
}

void *load_library(Registry *self, char const *path) {
    void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    auto creators = library == nullptr ? nullptr : dlsym(library, "getCreators");
    if (creators == nullptr) {
        return nullptr;
    }
    int32_t count = 0;
    auto all = reinterpret_cast<CreatorV3 *const *(*)(int32_t &)>(creators)(count);
    for (int32_t i = 0; i < count; i++) {
        self->names.insert(std::string(all[i]->name()) + "/" + all[i]->version());
    }
    return library;
}

Handle *create_context(Engine *self, int32_t) {
    static void **made = nullptr;
    if (made == nullptr) {
        made = table();
        set(made, 17, [](Context *, int32_t, void *) { return true; });
        set(made, slot::SET_INPUT_SHAPE, [](Context *context, char const *, Dims const *shape) {
            context->rows = shape->sizes[0];
            return true;
        });
        set(made, slot::TENSOR_SHAPE, [](Context *context, char const *) { return dims(context->rows); });
        set(made, slot::SET_ADDRESS, [](Context *context, char const *name, void *where) {
            context->places[name] = static_cast<float *>(where);
            return true;
        });
        set(made, slot::ENQUEUE, [](Context *context, void *) {
            if (context->crash) {
                std::abort();
            }
            for (int64_t i = 0; i < context->rows * COLUMNS; i++) {
                float a = context->places["a"][i], b = context->places["b"][i];
                context->places["sum"][i] = a + b;
                context->places["diff"][i] = a - b;
            }
            return true;
        });
    }
    return handle(new Context{{made}, 0, {}, self->crash});
}

Handle *deserialize(Runtime *self, void const *content, size_t size) {
    std::istringstream lines(std::string(static_cast<char const *>(content), size));
    std::string line;
    bool late = false;
    while (std::getline(lines, line)) {
        if (line == "crash") {
            std::abort();
        }
        late |= line == "late crash";
        if (line.rfind("op ", 0) == 0 && self->registry.names.count(line.substr(FEW)) == 0) {
            std::string name = line.substr(FEW, line.find('/') - FEW), version = line.substr(line.find('/') + 1);
            self->log->log(ERROR, ("IPluginRegistry::getCreator: Error Code 4: API Usage Error (Cannot find plugin: " +
                                   name + ", version: " + version + ", namespace:.)")
                                      .c_str());
            return nullptr;
        }
    }
    static void **made = nullptr;
    if (made == nullptr) {
        made = table();
        set(made, slot::CREATE_CONTEXT, create_context);
        set(made, 10, [](Engine *) { return 1; });
        set(made, 19, [](Engine *, char const *) { return dims(-1); });
        set(made, slot::TENSOR_TYPE, [](Engine *, char const *) { return 0; });
        set(made, 21, [](Engine *, char const *) { return 0; });
        set(made, 22, [](Engine *, char const *) { return false; });
        set(made, slot::IO_MODE, [](Engine *, char const *name) { return std::strlen(name) == 1 ? 1 : 2; });
        set(made, 26, [](Engine *, char const *) { return 0; });
        set(made, slot::PROFILE_SHAPE, [](Engine *, char const *, int32_t, int32_t which) { return dims(1 << which); });
        set(made, slot::TENSOR_COUNT, [](Engine *) { return 4; });
        set(made, slot::TENSOR_NAME, [](Engine *, int32_t index) { return tensors[index]; });
        set(made, 52, [](Engine *) { return static_cast<int64_t>(4096); });
    }
    return handle(new Engine{{made}, late});
}

} // namespace

extern "C" int32_t getInferLibVersion() {
    return 100600;
}

extern "C" void *createInferRuntime_INTERNAL(void *logger, int32_t) {
    static void **made = nullptr, **registry = nullptr;
    if (made == nullptr) {
        made = table();
        registry = table();
        set(made, slot::DESERIALIZE, deserialize);
        set(made, slot::SET_TEMPORARY_FILES, [](Runtime *, uint32_t) {});
        set(made, slot::PLUGIN_REGISTRY, [](Runtime *self) { return &self->registry; });
        set(made, 21, [](Runtime *, bool) {});
        set(registry, slot::SET_PARENT_SEARCH, [](Registry *, bool) {});
        set(registry, slot::LOAD_LIBRARY, load_library);
        set(registry, 11, [](Registry *, void *library) { dlclose(library); });
    }
    return handle(new Runtime{{made}, static_cast<Logger *>(logger), {{registry}, {}}});
}

/* Asked for by name when the presets' entry points are bound, and never called. */
extern "C" {
void *getPluginRegistry() { return nullptr; }
void *getLogger() { return nullptr; }
void *createInferBuilder_INTERNAL() { return nullptr; }
void *createInferRefitter_INTERNAL() { return nullptr; }
void *getBuilderPluginRegistry() { return nullptr; }
void *getBuilderSafePluginRegistry() { return nullptr; }
int32_t getInferLibMajorVersion() { return 10; }
int32_t getInferLibMinorVersion() { return 6; }
int32_t getInferLibPatchVersion() { return 0; }
int32_t getInferLibBuildVersion() { return 26; }
}
