/*
 * The part of the CUDA driver that the backend uses, as its stable ABI has it. The driver is opened at run time, so that
 * nothing of CUDA is needed to build, and a machine without it gets a reason instead of a loader error.
 */
#ifndef OPGRAFT_CUDA_H
#define OPGRAFT_CUDA_H

#include <stddef.h>
#include <stdint.h>

typedef int result;
typedef struct context_handle *context;
typedef struct stream_handle *stream;
typedef struct graph_handle *graph;
typedef struct graph_exec_handle *graph_exec;
typedef unsigned long long device_address;

enum {
    HOST_MEMORY_PORTABLE = 1,
    STREAM_NON_BLOCKING = 1,
    CAPTURE_THIS_THREAD = 1,
    NO_DEVICE = 100,
    INVALID_VALUE = 1
};

struct driver {
    result (*init)(unsigned int flags);
    result (*driver_version)(int *version);
    result (*device_count)(int *count);
    result (*device_get)(int *device, int ordinal);
    result (*device_name)(char *name, int length, int device);
    result (*device_attribute)(int *value, int attribute, int device);
    result (*device_memory)(size_t *bytes, int device);
    result (*device_uuid)(unsigned char uuid[16], int device);
    result (*context_retain)(context *made, int device);
    result (*context_set)(context used);
    result (*memory_info)(size_t *free, size_t *total);
    result (*host_allocate)(void **memory, size_t size, unsigned int flags);
    result (*host_free)(void *memory);
    result (*device_allocate)(device_address *memory, size_t size);
    result (*device_free)(device_address memory);
    result (*copy_in)(device_address to, const void *from, size_t size, stream on);
    result (*copy_out)(void *to, device_address from, size_t size, stream on);
    result (*stream_create)(stream *made, unsigned int flags);
    result (*stream_wait)(stream on);
    result (*stream_destroy)(stream on);
    result (*capture_begin)(stream on, int mode);
    result (*capture_end)(stream on, graph *made);
    result (*graph_make)(graph_exec *made, graph from, unsigned long long flags);
    result (*graph_launch)(graph_exec what, stream on);
    result (*graph_exec_destroy)(graph_exec what);
    result (*graph_destroy)(graph what);
    result (*error_text)(result code, const char **text);
};

/* Opens the driver, once if that succeeds; NULL, or why there is no device. The text stays valid until the next call. */
const char *driver_open(const char *library);

/* Only after driver_open has returned NULL. */
extern struct driver driver;

#endif
