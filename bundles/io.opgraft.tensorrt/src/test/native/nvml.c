/* A management library that knows the one device of the test's driver, and takes energy whenever it is asked for it. */
#include <string.h>

enum { OK = 0, NOT_SUPPORTED = 3, NOT_FOUND = 6 };

struct memory {
    unsigned long long total, free, used;
};

struct utilization {
    unsigned int compute, memory;
};

static int started;
static int device;

#ifdef NO_START
int nvmlInit_v2(void) { return NOT_SUPPORTED; }
#else
int nvmlInit_v2(void) { started = 1; return OK; }
#endif

int nvmlDeviceGetHandleByUUID(const char *uuid, void **found) {
    *found = &device;
#ifdef OTHER_DEVICE
    return NOT_FOUND;
#else
    return started && strcmp(uuid, "GPU-07070707-0707-0707-0707-070707070707") == 0 ? OK : NOT_FOUND;
#endif
}

int nvmlDeviceGetMemoryInfo(void *of, struct memory *bytes) {
    bytes->total = 85899345920ULL;
    bytes->used = 1048576;
    bytes->free = bytes->total - bytes->used;
    return of == &device ? OK : NOT_FOUND;
}

int nvmlDeviceGetUtilizationRates(void *of, struct utilization *rates) {
    rates->compute = 40;
    rates->memory = 10;
    return of == &device ? OK : NOT_FOUND;
}

int nvmlDeviceGetPowerUsage(void *of, unsigned int *milliwatts) {
    *milliwatts = 70500;
    return of == &device ? OK : NOT_FOUND;
}

int nvmlDeviceGetPowerManagementLimit(void *of, unsigned int *milliwatts) {
    (void)of;
    *milliwatts = 1;
    return NOT_SUPPORTED;
}

#ifndef NO_ENERGY
int nvmlDeviceGetTotalEnergyConsumption(void *of, unsigned long long *millijoules) {
    static unsigned long long taken = 1000000;
    *millijoules = taken += 1500;
    return of == &device ? OK : NOT_FOUND;
}
#endif
