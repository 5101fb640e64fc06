/* Loads TensorFlow, the op-scope library and then an op library twice, as the server would. No JVM is involved. */
#define _GNU_SOURCE
#include "trial.h"

#include "../scope.h"
#include "oplist.h"
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
static scope_promote_function *promote;
static version_function *version;
static op_list_function *op_list;
static kernels_function *kernels;
static new_status_function *new_status;
static delete_status_function *delete_status;
static delete_buffer_function *delete_buffer;

/* TensorFlow's own ops. */
static struct op_names own_ops;

static const char *reason(void) {
    const char *fault = dlerror();
    return fault == NULL ? "the dynamic loader gave no reason" : fault;
}

static void *open_library(const char *folder, const char *name) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s%s%s", folder, *folder == '\0' ? "" : "/", name);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* Whether all functions that are needed were found; else dlerror tells which was not. */
static int find_functions(void *tensorflow, void *scope) {
    return (version = (version_function *)dlsym(tensorflow, "TF_Version")) != NULL
        && (op_list = (op_list_function *)dlsym(tensorflow, "TF_GetAllOpList")) != NULL
        && (kernels = (kernels_function *)dlsym(tensorflow, "TF_GetRegisteredKernelsForOp")) != NULL
        && (new_status = (new_status_function *)dlsym(tensorflow, "TF_NewStatus")) != NULL
        && (delete_status = (delete_status_function *)dlsym(tensorflow, "TF_DeleteStatus")) != NULL
        && (delete_buffer = (delete_buffer_function *)dlsym(tensorflow, "TF_DeleteBuffer")) != NULL
        && (promote = (scope_promote_function *)dlsym(scope, "opgraft_scope_promote_v1")) != NULL
        && (load = (scope_load_function *)dlsym(scope, "opgraft_scope_load_v2")) != NULL;
}

const char *trial_prepare(const char *tensorflow, const char *scope_library) {
    if (open_library(tensorflow, "libtensorflow_framework.so.2") == NULL) {
        return reason();
    }
    void *all = open_library(tensorflow, "libtensorflow_cc.so.2");
    void *scope = all == NULL ? NULL : open_library("", scope_library);
    if (scope == NULL || !find_functions(all, scope)) {
        return reason();
    }
    const char *fault = promote();
    if (fault != NULL) {
        return fault;
    }
    /* The first call makes TensorFlow's registry open for good: later registrations count at once, as in the server. */
    struct tf_buffer *ops = op_list();
    int read = op_names_read(&own_ops, ops->data, ops->length);
    delete_buffer(ops);
    return read == 0 ? NULL : "out of memory";
}

void trial_impossible(const char *fault) {
    report_text(FRAME_FAULT, fault);
}

static void *checked(void *memory) {
    if (memory == NULL) {
        trial_impossible("out of memory");
        _exit(0);
    }
    return memory;
}

static void report_new_ops(void) {
    struct tf_buffer *ops = op_list();
    char *new_ops = checked(malloc(ops->length + 1));
    report_frame(FRAME_NEW_OPS, new_ops, op_list_without(ops->data, ops->length, &own_ops, new_ops));
    free(new_ops);
    delete_buffer(ops);
}

static void report_kernels(const char *prefix, const char *op) {
    char *name = checked(malloc(strlen(prefix) + strlen(op) + 2));
    sprintf(name, "%s%s%s", op[0] == '_' ? "_" : "", prefix, op);
    void *status = new_status();
    struct tf_buffer *list = kernels(name, status);
    delete_status(status);
    size_t head = strlen(op) + 1;
    size_t length = list == NULL ? 0 : list->length;
    char *frame = checked(malloc(head + length));
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

void trial_run(const char *library, const char *twin) {
    report_text(FRAME_READY, version());
    char *answer = load(library, "first", "Probe", "");
    report_text(FRAME_LOADED, answer);
    if (answer[0] == '+') {
        report_new_ops();
        report_all_kernels(answer);
        report_text(FRAME_SECOND, "");
        report_text(FRAME_TWIN, load(twin, "second", "Twin", ""));
    }
    free(answer);
}
