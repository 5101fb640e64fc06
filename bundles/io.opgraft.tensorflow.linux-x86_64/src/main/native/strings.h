/* String tensors: TensorFlow's form from and to the protocol's, a little-endian length of 4 bytes before each string. */
#ifndef OPGRAFT_STRINGS_H
#define OPGRAFT_STRINGS_H

#include <stdint.h>

#define STRINGS_TRUNCATED (-1)
#define STRINGS_TOO_FEW (-2)
#define STRINGS_TOO_MANY (-3)
#define STRINGS_NO_MEMORY (-4)

/* Finds TensorFlow's functions; called once, before any other function here. 0 if one is not there. */
int strings_attach(void);

/* Makes a string tensor from the protocol's form; its address, or one of the negative codes above. */
intptr_t strings_decode(const uint8_t *source, int64_t size, const int64_t *dimensions, int rank, int64_t count);

/* The size of the protocol's form of TensorFlow's strings at an address. */
int64_t strings_encoded_size(const void *strings, int64_t count);

/* Writes the protocol's form, of the size that strings_encoded_size gave. */
void strings_encode(const void *strings, int64_t count, uint8_t *target);

#endif
