#define _GNU_SOURCE
#include "oplist.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* message OpList { repeated OpDef op = 1; }  message OpDef { string name = 1; ... } */
enum { FIELD_ONE_OF_BYTES = 1 << 3 | 2 };

struct text {
    const unsigned char *at;
    size_t length;
};

static int take_number(struct text *from, uint64_t *number) {
    *number = 0;
    for (unsigned shift = 0; from->length > 0 && shift < 64; shift += 7) {
        unsigned char byte = *from->at++;
        from->length--;
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return 1;
        }
    }
    return 0;
}

/* Takes field 1 off the front of a message; 0 if it does not begin with one. */
static int take_field(struct text *from, struct text *field) {
    uint64_t tag, length;
    if (!take_number(from, &tag) || tag != FIELD_ONE_OF_BYTES || !take_number(from, &length) || length > from->length) {
        return 0;
    }
    *field = (struct text){from->at, length};
    from->at += length;
    from->length -= length;
    return 1;
}

/* The name of an op, allocated with malloc; NULL if memory is short. */
static char *name_of(struct text op) {
    struct text name = {op.at, 0};
    take_field(&op, &name);
    return strndup((const char *)name.at, name.length);
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int op_names_read(struct op_names *names, const void *list, size_t length) {
    struct text rest = {list, length};
    struct text op;
    size_t capacity = 0;
    while (take_field(&rest, &op)) {
        if (names->count == capacity) {
            capacity = 2 * capacity + 1024;
            char **more = realloc(names->names, capacity * sizeof *more);
            if (more == NULL) {
                return -1;
            }
            names->names = more;
        }
        names->names[names->count] = name_of(op);
        if (names->names[names->count++] == NULL) {
            return -1;
        }
    }
    qsort(names->names, names->count, sizeof *names->names, compare);
    return 0;
}

size_t op_list_without(const void *list, size_t length, const struct op_names *known, char *to) {
    struct text rest = {list, length};
    struct text op;
    size_t used = 0;
    for (const unsigned char *entry = rest.at; take_field(&rest, &op); entry = rest.at) {
        char *name = name_of(op);
        /* If memory is short, it is reported, known or not. */
        if (name == NULL || bsearch(&name, known->names, known->count, sizeof *known->names, compare) == NULL) {
            memcpy(to + used, entry, (size_t)(rest.at - entry));
            used += (size_t)(rest.at - entry);
        }
        free(name);
    }
    return used;
}
