/*
 * The part of NVIDIA's management library that the metrics need, as its stable ABI has it. It comes with the driver and is
 * opened at run time.
 */
#ifndef OPGRAFT_NVML_H
#define OPGRAFT_NVML_H

enum { NVML_FIGURES = 6 };

struct nvml;

/* Opens and starts the library; NULL if it is not there, does not start or lacks what is used. Never closed. */
struct nvml *nvml_open(const char *library);

/*
 * Figures of the device with a UUID such as "GPU-00000000-0000-0000-0000-000000000000": utilization (0 to 1), memory and used
 * memory (bytes), power and its limit (watts), energy since the driver was loaded (joules); NaN for each that it does not
 * give. 0 if it does not know the device.
 */
int nvml_figures(const struct nvml *library, const char *uuid, double figures[NVML_FIGURES]);

#endif
