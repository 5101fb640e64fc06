/* C++ objects of the libstdc++ that TensorFlow and op libraries are built with, as far as they are looked into here. */
#ifndef OPGRAFT_CXX_H
#define OPGRAFT_CXX_H

#include <stddef.h>

/* std::string (the ABI since GCC 5): by-value parameters of this type come as a pointer to the value. */
struct cxx_string {
    char *data;
    size_t length;
    union {
        char local[16];
        size_t capacity;
    } store;
};

/* How the type is written in the names of functions. */
#define STRING_TYPE "NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
#define VIEW_TYPE "St17basic_string_viewIcSt11char_traitsIcEE"
/* The absl name is that of TensorFlow 2.16 to 2.19. */
#define STATUS_TYPE "N4absl12lts_202308026StatusE"

#endif
