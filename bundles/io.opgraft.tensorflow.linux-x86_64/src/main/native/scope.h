/* What the parts of the library share. The library has no dependency on TensorFlow or the C++ runtime at link time. */
#ifndef OPGRAFT_SCOPE_H
#define OPGRAFT_SCOPE_H

#include <stddef.h>

#define EXPORTED __attribute__((visibility("default")))

/* What happens to be registered by a library, as the first letter of a line of the report. */
enum kind { KIND_OP = 'o', KIND_KERNEL = 'k', KIND_GRADIENT = 'g', KIND_VARIANT = 'v', KIND_OPTIMIZER = 'x' };

/*
 * The private form of a name while the calling thread loads a library in a scope, else NULL: then the caller's own name
 * goes through untouched. The result is allocated with malloc and belongs to the caller.
 */
char *scope_rename(enum kind kind, const char *name, size_t length, size_t *new_length);

/* The address of a function of TensorFlow; ends the process with a message if there is none. */
void *framework_function(const char *name);

/* The address of a function of TensorFlow's bigger library, or NULL. */
void *tensorflow_function(const char *name);

/* The address of a symbol in the global scope of the process, or NULL. */
void *global_symbol(const char *name);

/* The loaded libtensorflow_framework and libtensorflow_cc, or NULL. */
void *framework_handle(void);
void *tensorflow_handle(void);

/*
 * Loads a library in a scope. All strings are UTF-8. key: names the content; a key that is known is not loaded again and
 * gives the first answer. label: start of the private names. exclusive: whether the library occupies a registry of
 * TensorFlow that has no name spaces, which only one may do.
 *
 * Answer, allocated with malloc: "+", the prefix and a line feed, then for each registration its kind, the name as the
 * author wrote it and a line feed; or "-" and the reason; or "=" and the label of the library that holds the registry.
 */
typedef char *scope_load_function(const char *path, const char *key, const char *label, int exclusive);
EXPORTED scope_load_function opgraft_scope_load_v1;

/* One of the functions that stand before TensorFlow's: the one that proves that they do. */
EXPORTED void *TF_NewOpDefinitionBuilder(const char *name);

#endif
