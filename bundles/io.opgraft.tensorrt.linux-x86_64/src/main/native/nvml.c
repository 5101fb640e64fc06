#define _GNU_SOURCE
#include "nvml.h"

#include <dlfcn.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef int result;
typedef struct device_handle *device;

struct memory {
    unsigned long long total, free, used;
};

struct utilization {
    unsigned int compute, memory; /* percent */
};

struct nvml {
    result (*init)(void);
    result (*by_uuid)(const char *uuid, device *found);
    result (*memory)(device of, struct memory *bytes);
    result (*utilization)(device of, struct utilization *rates);
    result (*power)(device of, unsigned int *milliwatts);
    result (*power_limit)(device of, unsigned int *milliwatts);
    result (*energy)(device of, unsigned long long *millijoules);
};

static const struct {
    const char *name;
    size_t place;
} functions[] = {
    {"nvmlInit_v2", offsetof(struct nvml, init)},
    {"nvmlDeviceGetHandleByUUID", offsetof(struct nvml, by_uuid)},
    {"nvmlDeviceGetMemoryInfo", offsetof(struct nvml, memory)},
    {"nvmlDeviceGetUtilizationRates", offsetof(struct nvml, utilization)},
    {"nvmlDeviceGetPowerUsage", offsetof(struct nvml, power)},
    {"nvmlDeviceGetPowerManagementLimit", offsetof(struct nvml, power_limit)},
    {"nvmlDeviceGetTotalEnergyConsumption", offsetof(struct nvml, energy)},
};

struct nvml *nvml_open(const char *name) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    struct nvml *made = library == NULL ? NULL : calloc(1, sizeof *made);
    for (size_t i = 0; made != NULL && i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(library, functions[i].name);
        if (found == NULL) {
            free(made);
            made = NULL;
        } else {
            memcpy((char *)made + functions[i].place, &found, sizeof found);
        }
    }
    if (made != NULL && made->init() != 0) {
        free(made);
        made = NULL;
    }
    if (made == NULL && library != NULL) {
        dlclose(library);
    }
    return made;
}

int nvml_figures(const struct nvml *library, const char *uuid, double figures[NVML_FIGURES]) {
    device found = NULL;
    if (library->by_uuid(uuid, &found) != 0) {
        return 0;
    }
    struct utilization rates;
    struct memory bytes;
    unsigned int milliwatts;
    unsigned long long millijoules;
    for (int i = 0; i < NVML_FIGURES; i++) {
        figures[i] = NAN;
    }
    if (library->utilization(found, &rates) == 0) {
        figures[0] = rates.compute / 100.0;
    }
    if (library->memory(found, &bytes) == 0) {
        figures[1] = (double)bytes.total;
        figures[2] = (double)bytes.used;
    }
    if (library->power(found, &milliwatts) == 0) {
        figures[3] = milliwatts / 1000.0;
    }
    if (library->power_limit(found, &milliwatts) == 0) {
        figures[4] = milliwatts / 1000.0;
    }
    if (library->energy(found, &millijoules) == 0) {
        figures[5] = (double)millijoules / 1000.0;
    }
    return 1;
}
