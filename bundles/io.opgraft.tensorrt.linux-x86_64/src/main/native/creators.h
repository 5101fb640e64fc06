/* The creators of a plugin library, whichever of TensorRT's interfaces each of them has. */
#ifndef OPGRAFT_CREATORS_H
#define OPGRAFT_CREATORS_H

#include "objects.h"

namespace opgraft {

/* What a creator says of itself; texts belong to it. */
struct CreatorTexts {
    char const *name;
    char const *version;
    char const *name_space;
    PluginFields const *fields;
};

/* Reads a creator; NULL, or the kind of interface that is not known. */
char const *read_creator(Versioned *creator, CreatorTexts &texts);

/* The usual word for the type of a plugin field. */
char const *field_type(int32_t type);

} // namespace opgraft

#endif
