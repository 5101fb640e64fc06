/* What the parts of the library share. The library has no dependency on TensorFlow or the C++ runtime at link time. */
#ifndef OPGRAFT_SCOPE_H
#define OPGRAFT_SCOPE_H

#include <stddef.h>

#define EXPORTED __attribute__((visibility("default")))

/*
 * What a library registers, as the first letter of a line of the report. Small letters: under a private name, so that
 * other libraries may register the same. Capital letters: for the whole process, under a name that nobody can change.
 */
enum kind {
    KIND_OP = 'o',
    KIND_KERNEL = 'k',
    KIND_GRADIENT = 'g',
    KIND_CLIENT_GRADIENT = 'h',
    KIND_VARIANT = 'v',
    KIND_OPTIMIZER = 'x',
    KIND_COLOCATION = 'c',
    KIND_XLA_KERNEL = 'j',
    KIND_PROTOBUF_FILE = 'P',
    KIND_FILE_SYSTEM = 'F',
    KIND_DEVICE = 'D',
    KIND_SESSION = 'S',
    KIND_SERVER = 'N',
    KIND_COLLECTIVE = 'C',
    KIND_GRAPH_PASS = 'G',
    KIND_ALLOCATOR = 'A',
    KIND_COST = 'M',
    KIND_EXPERIMENT = 'E',
    KIND_CUSTOM_CALL = 'U',
    KIND_XLA_BACKEND = 'X',
    KIND_VARIANT_COPY = 'V'
};

/*
 * The private form of a name while the calling thread loads a library in a scope, else NULL: then the caller's own name
 * goes through untouched. The result is allocated with malloc and belongs to the caller.
 */
char *scope_rename(enum kind kind, const char *name, size_t length, size_t *new_length);

/* The author's part of a private name, whose length it puts in the place of the private one's; NULL for other names. */
const char *scope_author_name(const char *name, size_t *length);

/*
 * The private form of the name of an op that the library of a path has registered, else NULL. The result is allocated
 * with malloc and belongs to the caller.
 */
char *scope_private_op(const char *path, const char *name, size_t length, size_t *new_length);

/* Notes a registration for the whole process; nothing happens outside a scope. */
void scope_note(enum kind kind, const char *name, size_t length);

/* The address of a function of TensorFlow; ends the process with a message if there is none. */
void *framework_function(const char *name);

/* The address of a function of TensorFlow's bigger library, or NULL. */
void *tensorflow_function(const char *name);

/* The address of a symbol in the global scope of the process, or NULL. */
void *global_symbol(const char *name);

/* The loaded libtensorflow_framework and libtensorflow_cc, or NULL. */
void *framework_handle(void);
void *tensorflow_handle(void);

/* Makes this library the first that op libraries find. Called after TensorFlow was loaded. NULL, or what is wrong. */
typedef const char *scope_promote_function(void);
EXPORTED scope_promote_function opgraft_scope_promote_v1;

/*
 * Loads libraries in one scope. All strings are UTF-8. paths: one a line, loaded in that order. key: names the content; a key that is known is not loaded again and
 * gives the first answer. label: start of the private names. claims: what the library registers for the whole process,
 * as far as that is known, in lines like those of the report; the name "*" stands for every name of the kind.
 *
 * Answer, allocated with malloc: "+", the prefix and a line feed, then for each registration its kind, the name as the
 * author wrote it and a line feed; or "-" and the reason; or "=", the line that is claimed already, a line feed and the
 * label of the library that holds it. Nothing was loaded in the last two cases.
 */
typedef char *scope_load_function(const char *paths, const char *key, const char *label, const char *claims);
EXPORTED scope_load_function opgraft_scope_load_v2;

/* One of the functions that stand before TensorFlow's: the one that proves that they do. */
EXPORTED void *TF_NewOpDefinitionBuilder(const char *name);

/* A std::vector<std::string> of the file system schemes that TensorFlow knows; to be given back. */
struct schemes {
    void *begin;
    void *end;
    void *capacity;
};
void schemes_read(struct schemes *schemes);
/* Notes those of the second that the first lacks. */
void schemes_note_new(const struct schemes *before, const struct schemes *after);
void schemes_free(struct schemes *schemes);

#endif
