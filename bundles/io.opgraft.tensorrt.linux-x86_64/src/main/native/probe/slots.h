/*
 * Calls of TensorRT's objects by their place in the virtual table, which TensorRT 10 keeps: it only appends. Runtimes,
 * engines and contexts are shells around an implementation that is their first member.
 */
#ifndef OPGRAFT_SLOTS_H
#define OPGRAFT_SLOTS_H

#include <cstdint>

namespace opgraft {

namespace slot {
enum Runtime { DESERIALIZE = 3, SET_TEMPORARY_FILES = 16, PLUGIN_REGISTRY = 18 };
enum Registry { SET_PARENT_SEARCH = 9, LOAD_LIBRARY = 10 };
enum Engine { CREATE_CONTEXT = 5, TENSOR_TYPE = 20, IO_MODE = 23, PROFILE_SHAPE = 29, TENSOR_COUNT = 30, TENSOR_NAME = 31 };
enum Context { SET_INPUT_SHAPE = 21, TENSOR_SHAPE = 22, SET_ADDRESS = 24, ENQUEUE = 37 };
} // namespace slot

struct Dims {
    int32_t count;
    int64_t sizes[8];
};

struct Shell {
    void *table;
    void *implementation;
};

template <typename Result, typename... Arguments> Result call(void *object, int slot, Arguments... arguments) {
    void **table = *static_cast<void ***>(object);
    return reinterpret_cast<Result (*)(void *, Arguments...)>(table[slot])(object, arguments...);
}

/* The same on the implementation inside a shell. */
template <typename Result, typename... Arguments> Result inside(void *shell, int slot, Arguments... arguments) {
    return call<Result>(static_cast<Shell *>(shell)->implementation, slot, arguments...);
}

} // namespace opgraft

#endif
