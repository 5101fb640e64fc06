/*
 * A driver of one GPU whose memory is the host's. It does everything at once and in order; graphs are lists of copies, with
 * what the test's engine does between them.
 */
#include <stdlib.h>
#include <string.h>

typedef unsigned long long address;

enum { OK = 0, NO_MEMORY = 2, INVALID = 1, MOST = 64 };

struct copy {
    void *to;
    const void *from;
    size_t size;
};

struct graph {
    struct copy copies[MOST];
    int count;
    int work_at; /* before the copy of this number */
    float *work[4];
    long elements;
};

static _Thread_local struct graph *recording;
static long limit = 1 << 26;
static long device_taken, host_taken;

long driver_device_bytes(void) { return device_taken; }
long driver_host_blocks(void) { return host_taken; }

int cuInit(unsigned flags) {
#ifdef NO_GPU
    return flags == 0 ? 100 : INVALID;
#else
    return flags == 0 ? OK : INVALID;
#endif
}
int cuDriverGetVersion(int *version) { *version = 12060; return OK; }
int cuDeviceGetCount(int *count) { *count = 1; return OK; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return ordinal == 0 ? OK : INVALID; }
int cuDeviceGetName(char *name, int length, int device) { (void)device; strncpy(name, "Test GPU", (size_t)length); return OK; }
int cuDeviceGetAttribute(int *value, int attribute, int device) { (void)device; *value = attribute == 75 ? 9 : 0; return OK; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { (void)device; *bytes = (size_t)limit; return OK; }
int cuDeviceGetUuid(unsigned char *uuid, int device) { (void)device; memset(uuid, 7, 16); return OK; }
int cuDevicePrimaryCtxRetain(void **context, int device) { (void)device; *context = (void *)0x100000; return OK; }
int cuCtxSetCurrent(void *context) { return context == (void *)0x100000 ? OK : INVALID; }
int cuMemGetInfo_v2(size_t *free, size_t *total) { *free = (size_t)(limit - device_taken); *total = (size_t)limit; return OK; }

int cuMemHostAlloc(void **memory, size_t size, unsigned flags) {
    (void)flags;
    *memory = malloc(size);
    host_taken += *memory != NULL;
    return *memory == NULL ? NO_MEMORY : OK;
}

int cuMemFreeHost(void *memory) { free(memory); host_taken--; return OK; }

int cuMemAlloc_v2(address *memory, size_t size) {
    size_t *block = device_taken + (long)size > limit ? NULL : malloc(size + 64);
    if (block == NULL) {
        return NO_MEMORY;
    }
    *block = size;
    device_taken += (long)size;
    *memory = (address)(unsigned long)(block + 8);
    return OK;
}

int cuMemFree_v2(address memory) {
    size_t *block = (size_t *)(unsigned long)memory - 8;
    device_taken -= (long)*block;
    free(block);
    return OK;
}

static int copy(void *to, const void *from, size_t size) {
    if (recording == NULL) {
        memcpy(to, from, size);
        return OK;
    }
    if (recording->count == MOST) {
        return INVALID;
    }
    recording->copies[recording->count++] = (struct copy){to, from, size};
    return OK;
}

int cuMemcpyDtoHAsync_v2(void *to, address from, size_t size, void *stream) { (void)stream; return copy(to, (void *)(unsigned long)from, size); }
int cuStreamCreate(void **stream, unsigned flags) { (void)flags; *stream = malloc(1); return OK; }
int cuStreamSynchronize(void *stream) { return stream == NULL ? INVALID : OK; }
int cuStreamDestroy_v2(void *stream) { free(stream); return OK; }

int cuStreamBeginCapture_v2(void *stream, int mode) {
    (void)stream;
    (void)mode;
    recording = calloc(1, sizeof *recording);
    return recording == NULL ? NO_MEMORY : OK;
}

int cuStreamEndCapture(void *stream, void **graph) {
    (void)stream;
    *graph = recording;
    recording = NULL;
    return *graph == NULL ? INVALID : OK;
}

int cuGraphInstantiateWithFlags(void **made, void *graph, unsigned long long flags) {
    (void)flags;
    *made = malloc(sizeof(struct graph));
    memcpy(*made, graph, sizeof(struct graph));
    return OK;
}

int cuGraphDestroy(void *graph) { free(graph); return OK; }
int cuGraphExecDestroy(void *graph) { free(graph); return OK; }

static void add_sub(float **work, long elements) {
    for (long i = 0; i < elements; i++) {
        float a = work[0][i], b = work[1][i];
        work[2][i] = a + b;
        work[3][i] = a - b;
    }
}

/* A copy of this odd size stands for what the test's engine does: two inputs, their sum and their difference. */
enum { WORK = 0x7e57 };

int cuMemcpyHtoDAsync_v2(address to, const void *from, size_t size, void *stream) {
    (void)stream;
    if (size != WORK) {
        return copy((void *)(unsigned long)to, from, size);
    }
    if (recording == NULL) {
        add_sub((float **)from, (long)to);
    } else {
        recording->work_at = recording->count;
        recording->elements = (long)to;
        memcpy(recording->work, from, sizeof recording->work);
    }
    return OK;
}

int cuGraphLaunch(void *launched, void *stream) {
    struct graph *graph = launched;
    (void)stream;
    for (int i = 0; i <= graph->count; i++) {
        if (i == graph->work_at) {
            add_sub(graph->work, graph->elements);
        }
        if (i < graph->count) {
            memcpy(graph->copies[i].to, graph->copies[i].from, graph->copies[i].size);
        }
    }
    return OK;
}

int cuGetErrorString(int code, const char **text) {
    *text = code == NO_MEMORY ? "out of memory" : "invalid argument";
    return OK;
}
