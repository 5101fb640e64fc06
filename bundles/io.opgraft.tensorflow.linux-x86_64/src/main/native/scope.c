/* Private op name spaces: one load of a library, on one thread, under one prefix. */
#define _GNU_SOURCE
#include "scope.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scope {
    char *prefix;
    size_t prefix_length;
    char *report;
    size_t used;
    size_t capacity;
};

/* A library that was loaded: stays for the life of the process, since nothing can be taken out of TensorFlow again. */
struct loaded {
    struct loaded *next;
    char *key;
    char *label;
    char *answer;
    int exclusive;
};

static __thread struct scope *current;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static struct loaded *all_loaded;
static unsigned long load_count;

static void *checked(void *memory) {
    if (memory == NULL) {
        fputs("opgraft: out of memory while an op library was loaded\n", stderr);
        abort();
    }
    return memory;
}

static char *text(const char *a, const char *b, const char *c) {
    char *result = checked(malloc(strlen(a) + strlen(b) + strlen(c) + 1));
    strcat(strcat(strcpy(result, a), b), c);
    return result;
}

static void report(struct scope *scope, enum kind kind, const char *name, size_t length) {
    size_t needed = scope->used + length + 3;
    if (needed > scope->capacity) {
        scope->capacity = 2 * needed;
        scope->report = checked(realloc(scope->report, scope->capacity));
    }
    scope->report[scope->used++] = (char)kind;
    memcpy(scope->report + scope->used, name, length);
    scope->used += length;
    scope->report[scope->used++] = '\n';
    scope->report[scope->used] = '\0';
}

static int has_prefix(const struct scope *scope, const char *name, size_t length) {
    size_t skip = length > 0 && name[0] == '_' ? 1 : 0;
    return length >= scope->prefix_length + skip && memcmp(name + skip, scope->prefix, scope->prefix_length) == 0;
}

char *scope_rename(enum kind kind, const char *name, size_t length, size_t *new_length) {
    struct scope *scope = current;
    if (scope == NULL || has_prefix(scope, name, length)) {
        return NULL;
    }
    report(scope, kind, name, length);
    /* TensorFlow leaves names that begin with an underscore unchecked, and only those may go on with one. */
    size_t skip = length > 0 && name[0] == '_' ? 1 : 0;
    *new_length = skip + scope->prefix_length + length;
    char *result = checked(malloc(*new_length + 1));
    result[0] = '_';
    memcpy(result + skip, scope->prefix, scope->prefix_length);
    memcpy(result + skip + scope->prefix_length, name, length);
    result[*new_length] = '\0';
    return result;
}

static char *load_in_scope(const char *path, const char *prefix) {
    struct scope scope = {.prefix = (char *)prefix, .prefix_length = strlen(prefix)};
    current = &scope;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    current = NULL;
    char *answer;
    if (handle == NULL) {
        const char *reason = dlerror();
        answer = text("-", reason == NULL ? "dlopen gave no reason" : reason, "");
    } else {
        char *head = text("+", prefix, "\n");
        answer = text(head, scope.report == NULL ? "" : scope.report, "");
        free(head);
    }
    free(scope.report);
    return answer;
}

static char *load_locked(const char *path, const char *key, const char *label, int exclusive) {
    for (struct loaded *l = all_loaded; l != NULL; l = l->next) {
        if (strcmp(l->key, key) == 0) {
            return text(l->answer, "", "");
        }
    }
    for (struct loaded *l = all_loaded; exclusive && l != NULL; l = l->next) {
        if (l->exclusive) {
            return text("=", l->label, "");
        }
    }
    /* A global TensorFlow would win over this library's functions, and collide with what op libraries carry. */
    if (global_symbol("TF_Version") != NULL) {
        return text("-", "TensorFlow is in the global symbol scope of this process, so ops cannot be kept apart", "");
    }
    char counter[32];
    snprintf(counter, sizeof counter, "_x%lu>", ++load_count);
    char *prefix = text(label, counter, "");
    char *answer = load_in_scope(path, prefix);
    free(prefix);
    if (answer[0] == '+') {
        struct loaded *l = checked(malloc(sizeof *l));
        *l = (struct loaded){all_loaded, text(key, "", ""), text(label, "", ""), text(answer, "", ""), exclusive};
        all_loaded = l;
    }
    return answer;
}

char *opgraft_scope_load_v1(const char *path, const char *key, const char *label, int exclusive) {
    pthread_mutex_lock(&loading);
    char *answer = load_locked(path, key, label, exclusive);
    pthread_mutex_unlock(&loading);
    return answer;
}

void *global_symbol(const char *name) {
    /* Not RTLD_DEFAULT: that would also look into this library itself, global or not. */
    return dlsym(dlopen(NULL, RTLD_LAZY), name);
}

void *framework_handle(void) {
    return dlopen("libtensorflow_framework.so.2", RTLD_NOLOAD | RTLD_LAZY);
}

void *tensorflow_handle(void) {
    return dlopen("libtensorflow_cc.so.2", RTLD_NOLOAD | RTLD_LAZY);
}

void *framework_function(const char *name) {
    void *handle = framework_handle();
    void *function = handle == NULL ? NULL : dlsym(handle, name);
    if (function == NULL) {
        fprintf(stderr, "opgraft: TensorFlow has no function %s\n", name);
        abort();
    }
    return function;
}

void *tensorflow_function(const char *name) {
    void *handle = tensorflow_handle();
    return handle == NULL ? NULL : dlsym(handle, name);
}
