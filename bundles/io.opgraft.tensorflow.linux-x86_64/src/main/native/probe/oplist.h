/* Reads serialized lists of ops, without the protobuf library. */
#ifndef OPGRAFT_OPLIST_H
#define OPGRAFT_OPLIST_H

#include <stddef.h>

/* The names of some ops, in order. */
struct op_names {
    char **names;
    size_t count;
};

/* The names of an OpList, which live as long as the process. 0, or -1 if memory is short. */
int op_names_read(struct op_names *names, const void *list, size_t length);

/* Copies the entries of an OpList whose names are not among some; the length of what was written. */
size_t op_list_without(const void *list, size_t length, const struct op_names *known, char *to);

#endif
