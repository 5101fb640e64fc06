#include "strings.h"

#include "scope.h"

#include <stdlib.h>
#include <string.h>

/* TensorFlow's TF_TString: opaque here but for its size, which is part of its C API's stable layout. */
struct tf_string {
    uint64_t words[3];
};

enum { TF_STRING_TYPE = 7, TENSOR_ALIGNMENT = 64 };

typedef void init_function(struct tf_string *string);
typedef void copy_function(struct tf_string *string, const char *source, size_t size);
typedef const char *data_function(const struct tf_string *string);
typedef size_t size_function(const struct tf_string *string);
typedef void dealloc_function(struct tf_string *string);
typedef void *new_tensor_function(
    int type, const int64_t *dimensions, int rank, void *data, size_t size,
    void (*deallocator)(void *data, size_t size, void *argument), void *argument);

static init_function *string_init;
static copy_function *string_copy;
static data_function *string_data;
static size_function *string_size;
static dealloc_function *string_dealloc;
static new_tensor_function *new_tensor;

int strings_attach(void) {
    string_init = (init_function *)tensorflow_function("TF_StringInit");
    string_copy = (copy_function *)tensorflow_function("TF_StringCopy");
    string_data = (data_function *)tensorflow_function("TF_StringGetDataPointer");
    string_size = (size_function *)tensorflow_function("TF_StringGetSize");
    string_dealloc = (dealloc_function *)tensorflow_function("TF_StringDealloc");
    new_tensor = (new_tensor_function *)tensorflow_function("TF_NewTensor");
    return string_init && string_copy && string_data && string_size && string_dealloc && new_tensor;
}

/* x86-64 is little-endian; memcpy because strings of any length shift the next one's alignment. */
static uint32_t length_at(const uint8_t *source) {
    uint32_t length;
    memcpy(&length, source, sizeof length);
    return length;
}

static int check(const uint8_t *source, int64_t size, int64_t count) {
    int64_t seen = 0;
    for (int64_t at = 0; at < size; seen++) {
        if (seen == count) {
            return STRINGS_TOO_MANY;
        }
        if (size - at < 4 || (int64_t)length_at(source + at) > size - at - 4) {
            return STRINGS_TRUNCATED;
        }
        at += 4 + (int64_t)length_at(source + at);
    }
    return seen < count ? STRINGS_TOO_FEW : 0;
}

/* The tensor may outlive the run that it was made for, in a variable for instance, so TensorFlow says when it goes. */
static void free_strings(void *data, size_t size, void *argument) {
    (void)argument;
    struct tf_string *strings = data;
    for (size_t i = 0; i < size / sizeof *strings; i++) {
        string_dealloc(&strings[i]);
    }
    free(data);
}

intptr_t strings_decode(const uint8_t *source, int64_t size, const int64_t *dimensions, int rank, int64_t count) {
    int fault = check(source, size, count);
    if (fault != 0) {
        return fault;
    }
    void *memory;
    size_t bytes = (size_t)count * sizeof(struct tf_string);
    if (posix_memalign(&memory, TENSOR_ALIGNMENT, bytes == 0 ? TENSOR_ALIGNMENT : bytes) != 0) {
        return STRINGS_NO_MEMORY;
    }
    struct tf_string *strings = memory;
    for (int64_t i = 0, at = 0; i < count; i++) {
        uint32_t length = length_at(source + at);
        string_init(&strings[i]);
        string_copy(&strings[i], (const char *)source + at + 4, length);
        at += 4 + (int64_t)length;
    }
    void *tensor = new_tensor(TF_STRING_TYPE, dimensions, rank, strings, bytes, free_strings, NULL);
    return tensor == NULL ? STRINGS_NO_MEMORY : (intptr_t)tensor;
}

int64_t strings_encoded_size(const void *data, int64_t count) {
    const struct tf_string *strings = data;
    int64_t size = 4 * count;
    for (int64_t i = 0; i < count; i++) {
        size += (int64_t)string_size(&strings[i]);
    }
    return size;
}

void strings_encode(const void *data, int64_t count, uint8_t *target) {
    const struct tf_string *strings = data;
    for (int64_t i = 0; i < count; i++) {
        uint32_t length = (uint32_t)string_size(&strings[i]);
        memcpy(target, &length, sizeof length);
        memcpy(target + 4, string_data(&strings[i]), length);
        target += 4 + (size_t)length;
    }
}
