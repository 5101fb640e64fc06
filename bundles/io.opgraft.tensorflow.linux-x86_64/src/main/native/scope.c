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
    char *claims;
    char *paths;
    const char *prefix;
    size_t prefix_length;
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
    for (size_t i = 0; i < length; i++) {
        scope->report[scope->used++] = (unsigned char)name[i] < ' ' ? '?' : name[i];
    }
    scope->report[scope->used++] = '\n';
    scope->report[scope->used] = '\0';
}

static int has_prefix(const struct scope *scope, const char *name, size_t length) {
    size_t skip = length > 0 && name[0] == '_' ? 1 : 0;
    return length >= scope->prefix_length + skip && memcmp(name + skip, scope->prefix, scope->prefix_length) == 0;
}

static char *private_form(
    const char *prefix, size_t prefix_length, const char *name, size_t length, size_t *new_length) {
    /* TensorFlow leaves names that begin with an underscore unchecked, and only those may go on with one. */
    size_t skip = length > 0 && name[0] == '_' ? 1 : 0;
    *new_length = skip + prefix_length + length;
    char *result = checked(malloc(*new_length + 1));
    result[0] = '_';
    memcpy(result + skip, prefix, prefix_length);
    memcpy(result + skip + prefix_length, name, length);
    result[*new_length] = '\0';
    return result;
}

char *scope_rename(enum kind kind, const char *name, size_t length, size_t *new_length) {
    struct scope *scope = current;
    if (scope == NULL || has_prefix(scope, name, length)) {
        return NULL;
    }
    report(scope, kind, name, length);
    return private_form(scope->prefix, scope->prefix_length, name, length, new_length);
}

void scope_note(enum kind kind, const char *name, size_t length) {
    if (current != NULL) {
        report(current, kind, name, length);
    }
}

/* Loads the files of a unit, one a line. NULL, or why one of them cannot be loaded, allocated with malloc. */
static char *open_all(const char *paths) {
    char *fault = NULL;
    char *copy = text(paths, "", "");
    char *rest = copy;
    for (char *path = strtok_r(copy, "\n", &rest); path != NULL; path = strtok_r(NULL, "\n", &rest)) {
        if (fault == NULL && dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL) {
            const char *reason = dlerror();
            fault = text("-", reason == NULL ? "dlopen gave no reason" : reason, "");
        }
    }
    free(copy);
    return fault;
}

static char *load_in_scope(const char *paths, const char *prefix) {
    struct scope scope = {.prefix = (char *)prefix, .prefix_length = strlen(prefix)};
    struct schemes before, after;
    schemes_read(&before);
    current = &scope;
    char *answer = open_all(paths);
    schemes_read(&after);
    schemes_note_new(&before, &after);
    current = NULL;
    schemes_free(&before);
    schemes_free(&after);
    if (answer == NULL) {
        char *head = text("+", prefix, "\n");
        answer = text(head, scope.report == NULL ? "" : scope.report, "");
        free(head);
    }
    free(scope.report);
    return answer;
}

/* Whether two lines of equal kind have equal names, or one of them stands for all. */
static int same_claim(const char *a, size_t a_length, const char *b, size_t b_length) {
    int all = (a_length == 2 && a[1] == '*') || (b_length == 2 && b[1] == '*');
    return a[0] == b[0] && (all || (a_length == b_length && memcmp(a, b, a_length) == 0));
}

/* The first line of some claims that others hold, or NULL. */
static const char *clash(const char *claims, const char *held) {
    for (const char *a = claims; *a != '\0'; a += strcspn(a, "\n"), a += *a == '\n') {
        for (const char *b = held; *b != '\0'; b += strcspn(b, "\n"), b += *b == '\n') {
            if (same_claim(a, strcspn(a, "\n"), b, strcspn(b, "\n"))) {
                return a;
            }
        }
    }
    return NULL;
}

/* What was claimed, and what the load showed besides. */
static char *all_claims(const char *claims, const char *lines) {
    char *result = checked(malloc(strlen(claims) + strlen(lines) + 2));
    size_t used = (size_t)sprintf(result, "%s\n", claims);
    for (const char *line = lines; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        if (line[0] >= 'A' && line[0] <= 'Z') {
            memcpy(result + used, line, length);
            used += length;
            result[used++] = '\n';
        }
    }
    result[used] = '\0';
    return result;
}

static char *load_locked(const char *paths, const char *key, const char *label, const char *claims) {
    for (struct loaded *l = all_loaded; l != NULL; l = l->next) {
        if (strcmp(l->key, key) == 0) {
            return text(l->answer, "", "");
        }
    }
    for (struct loaded *l = all_loaded; l != NULL; l = l->next) {
        const char *line = clash(claims, l->claims);
        if (line != NULL) {
            char *answer = text("=", line, "");
            answer[1 + strcspn(line, "\n")] = '\0';
            char *full = text(answer, "\n", l->label);
            free(answer);
            return full;
        }
    }
    /* A global TensorFlow would win over this library's functions, and collide with what op libraries carry. */
    if (global_symbol("TF_Version") != NULL) {
        return text("-", "TensorFlow is in the global symbol scope of this process, so ops cannot be kept apart", "");
    }
    char counter[32];
    snprintf(counter, sizeof counter, "_x%lu>", ++load_count);
    char *prefix = text(label, counter, "");
    char *answer = load_in_scope(paths, prefix);
    free(prefix);
    if (answer[0] == '+') {
        struct loaded *l = checked(malloc(sizeof *l));
        char *held = all_claims(claims, strchr(answer, '\n') + 1);
        *l = (struct loaded){
            .next = all_loaded,
            .key = text(key, "", ""),
            .label = text(label, "", ""),
            .answer = text(answer, "", ""),
            .claims = held,
            .paths = text(paths, "\n", "")};
        l->prefix = l->answer + 1;
        l->prefix_length = strcspn(l->prefix, "\n");
        /* Complete before others see it: kernels are made without a lock. */
        __atomic_store_n(&all_loaded, l, __ATOMIC_RELEASE);
    }
    return answer;
}

char *opgraft_scope_load_v2(const char *paths, const char *key, const char *label, const char *claims) {
    pthread_mutex_lock(&loading);
    char *answer = load_locked(paths, key, label, claims);
    pthread_mutex_unlock(&loading);
    return answer;
}

const char *opgraft_scope_promote_v1(void) {
    Dl_info self;
    if (framework_handle() == NULL) {
        return "TensorFlow is not loaded";
    }
    if (dladdr((void *)opgraft_scope_promote_v1, &self) == 0) {
        return "the op-scope library cannot find its own file";
    }
    if (dlopen(self.dli_fname, RTLD_NOLOAD | RTLD_NOW | RTLD_GLOBAL) == NULL) {
        return dlerror();
    }
    void *(*own)(const char *) = TF_NewOpDefinitionBuilder;
    if (global_symbol("TF_NewOpDefinitionBuilder") != (void *)own) {
        return "another library of this process defines TF_NewOpDefinitionBuilder globally, so ops cannot be kept apart";
    }
    return NULL;
}

const char *scope_author_name(const char *name, size_t *length) {
    size_t skip = *length > 0 && name[0] == '_' ? 1 : 0;
    for (struct loaded *l = __atomic_load_n(&all_loaded, __ATOMIC_ACQUIRE); l != NULL; l = l->next) {
        if (*length > skip + l->prefix_length && memcmp(name + skip, l->prefix, l->prefix_length) == 0) {
            *length -= skip + l->prefix_length;
            return name + skip + l->prefix_length;
        }
    }
    return NULL;
}

/* Whether a text of lines has one that is made of a letter, unless that is 0, and a name. */
static int has_line(const char *lines, char letter, const char *name, size_t length) {
    size_t skip = letter != 0;
    for (const char *line = lines; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strcspn(line, "\n") == length + skip && (skip == 0 || line[0] == letter)
            && memcmp(line + skip, name, length) == 0) {
            return 1;
        }
    }
    return 0;
}

char *scope_private_op(const char *path, const char *name, size_t length, size_t *new_length) {
    for (struct loaded *l = __atomic_load_n(&all_loaded, __ATOMIC_ACQUIRE); l != NULL; l = l->next) {
        if (has_line(l->paths, 0, path, strlen(path)) && has_line(l->answer, KIND_OP, name, length)) {
            return private_form(l->prefix, l->prefix_length, name, length, new_length);
        }
    }
    return NULL;
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
