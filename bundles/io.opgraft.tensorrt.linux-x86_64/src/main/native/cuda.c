#define _GNU_SOURCE
#include "cuda.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct driver driver;

static char fault[512];
static char opened[256];
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

/* Names with the version that the present ABI has. */
static const struct {
    const char *name;
    size_t place;
} functions[] = {
    {"cuInit", offsetof(struct driver, init)},
    {"cuDriverGetVersion", offsetof(struct driver, driver_version)},
    {"cuDeviceGetCount", offsetof(struct driver, device_count)},
    {"cuDeviceGet", offsetof(struct driver, device_get)},
    {"cuDeviceGetName", offsetof(struct driver, device_name)},
    {"cuDeviceGetAttribute", offsetof(struct driver, device_attribute)},
    {"cuDeviceTotalMem_v2", offsetof(struct driver, device_memory)},
    {"cuDeviceGetUuid", offsetof(struct driver, device_uuid)},
    {"cuDevicePrimaryCtxRetain", offsetof(struct driver, context_retain)},
    {"cuCtxSetCurrent", offsetof(struct driver, context_set)},
    {"cuMemGetInfo_v2", offsetof(struct driver, memory_info)},
    {"cuMemHostAlloc", offsetof(struct driver, host_allocate)},
    {"cuMemFreeHost", offsetof(struct driver, host_free)},
    {"cuMemAlloc_v2", offsetof(struct driver, device_allocate)},
    {"cuMemFree_v2", offsetof(struct driver, device_free)},
    {"cuMemcpyHtoDAsync_v2", offsetof(struct driver, copy_in)},
    {"cuMemcpyDtoHAsync_v2", offsetof(struct driver, copy_out)},
    {"cuStreamCreate", offsetof(struct driver, stream_create)},
    {"cuStreamSynchronize", offsetof(struct driver, stream_wait)},
    {"cuStreamDestroy_v2", offsetof(struct driver, stream_destroy)},
    {"cuStreamBeginCapture_v2", offsetof(struct driver, capture_begin)},
    {"cuStreamEndCapture", offsetof(struct driver, capture_end)},
    {"cuGraphInstantiateWithFlags", offsetof(struct driver, graph_make)},
    {"cuGraphLaunch", offsetof(struct driver, graph_launch)},
    {"cuGraphExecDestroy", offsetof(struct driver, graph_exec_destroy)},
    {"cuGraphDestroy", offsetof(struct driver, graph_destroy)},
    {"cuGetErrorString", offsetof(struct driver, error_text)},
};

static int refused(const char *what, result code) {
    const char *text = NULL;
    if (driver.error_text(code, &text) != 0 || text == NULL) {
        text = "no text";
    }
    snprintf(fault, sizeof fault, "%s (error %d: %s)", what, code, text);
    return 0;
}

static int attach(const char *name) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(fault, sizeof fault, "no NVIDIA driver (%s)", dlerror());
        return 0;
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(library, functions[i].name);
        if (found == NULL) {
            snprintf(fault, sizeof fault, "the NVIDIA driver is too old or a stub: it lacks %s", functions[i].name);
            return 0;
        }
        memcpy((char *)&driver + functions[i].place, &found, sizeof found);
    }
    result code = driver.init(0);
    if (code == NO_DEVICE) {
        return refused("the NVIDIA driver finds no GPU", code);
    }
    int count = 0;
    if (code != 0 || (code = driver.device_count(&count)) != 0) {
        return refused("the NVIDIA driver does not start", code);
    }
    if (count == 0) {
        snprintf(fault, sizeof fault, "the NVIDIA driver finds no GPU");
        return 0;
    }
    return 1;
}

const char *driver_open(const char *library) {
    pthread_mutex_lock(&opening);
    const char *answer = NULL;
    if (strcmp(opened, library) != 0) {
        answer = attach(library) ? NULL : fault;
        if (answer == NULL) {
            snprintf(opened, sizeof opened, "%s", library);
        }
    }
    pthread_mutex_unlock(&opening);
    return answer;
}
