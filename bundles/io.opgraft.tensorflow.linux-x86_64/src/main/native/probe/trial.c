/* Loads TensorFlow, the op-scope library and then an op library twice, as the server would. No JVM is involved. */
#define _GNU_SOURCE
#include "trial.h"

#include "../scope.h"
#include "report.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* TF_Buffer, as TensorFlow's stable C API declares it. */
struct tf_buffer {
    const void *data;
    size_t length;
    void (*deallocator)(void *data, size_t length);
};

typedef const char *version_function(void);
typedef struct tf_buffer *op_list_function(void);
typedef struct tf_buffer *kernels_function(const char *op, void *status);
typedef void *new_status_function(void);
typedef void delete_status_function(void *status);
typedef void delete_buffer_function(struct tf_buffer *buffer);

static scope_load_function *load;
static version_function *version;
static op_list_function *op_list;
static kernels_function *kernels;
static new_status_function *new_status;
static delete_status_function *delete_status;
static delete_buffer_function *delete_buffer;

static _Noreturn void stop(const char *fault) {
    report_text(FRAME_FAULT, fault == NULL ? "the dynamic loader gave no reason" : fault);
    _exit(0);
}

static void *open_library(const char *folder, const char *name) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s%s%s", folder, *folder == '\0' ? "" : "/", name);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        stop(dlerror());
    }
    return handle;
}

static void *function(void *handle, const char *name) {
    void *found = dlsym(handle, name);
    if (found == NULL) {
        stop(dlerror());
    }
    return found;
}

static void attach(const struct trial *trial) {
    open_library(trial->tensorflow, "libtensorflow_framework.so.2");
    void *tensorflow = open_library(trial->tensorflow, "libtensorflow_cc.so.2");
    version = (version_function *)function(tensorflow, "TF_Version");
    op_list = (op_list_function *)function(tensorflow, "TF_GetAllOpList");
    kernels = (kernels_function *)function(tensorflow, "TF_GetRegisteredKernelsForOp");
    new_status = (new_status_function *)function(tensorflow, "TF_NewStatus");
    delete_status = (delete_status_function *)function(tensorflow, "TF_DeleteStatus");
    delete_buffer = (delete_buffer_function *)function(tensorflow, "TF_DeleteBuffer");
    void *scope = open_library("", trial->scope_library);
    scope_promote_function *promote = (scope_promote_function *)function(scope, "opgraft_scope_promote_v1");
    load = (scope_load_function *)function(scope, "opgraft_scope_load_v2");
    const char *fault = promote();
    if (fault != NULL) {
        stop(fault);
    }
}

/* The first call makes TensorFlow's registry open for good: later registrations count at once, as in the server. */
static void report_ops(enum frame frame) {
    struct tf_buffer *ops = op_list();
    report_frame(frame, ops->data, ops->length);
    delete_buffer(ops);
}

static void report_kernels(const char *prefix, const char *op) {
    char *name = malloc(strlen(prefix) + strlen(op) + 2);
    if (name == NULL) {
        stop("out of memory");
    }
    sprintf(name, "%s%s%s", op[0] == '_' ? "_" : "", prefix, op);
    void *status = new_status();
    struct tf_buffer *list = kernels(name, status);
    delete_status(status);
    size_t head = strlen(op) + 1;
    size_t length = list == NULL ? 0 : list->length;
    char *frame = malloc(head + length);
    if (frame == NULL) {
        stop("out of memory");
    }
    memcpy(frame, op, head);
    if (length > 0) {
        memcpy(frame + head, list->data, length);
    }
    report_frame(FRAME_KERNELS, frame, head + length);
    free(frame);
    free(name);
    if (list != NULL) {
        delete_buffer(list);
    }
}

/* Of every op that the answer names. */
static void report_all_kernels(char *answer) {
    char *rest;
    char *prefix = strtok_r(answer + 1, "\n", &rest);
    for (char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        if (line[0] == KIND_OP) {
            report_kernels(prefix, line + 1);
        }
    }
}

void trial_run(const struct trial *trial) {
    attach(trial);
    report_text(FRAME_READY, version());
    report_ops(FRAME_OPS_BEFORE);
    char *answer = load(trial->library, "first", "Probe", "");
    report_text(FRAME_LOADED, answer);
    if (answer[0] == '+') {
        report_ops(FRAME_OPS_AFTER);
        report_all_kernels(answer);
        report_text(FRAME_SECOND, "");
        report_text(FRAME_TWIN, load(trial->twin, "second", "Twin", ""));
    }
    free(answer);
}
