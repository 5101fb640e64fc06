/* The report of a trial: frames in a file, each written at once, so that what came before a crash is there. */
#ifndef OPGRAFT_REPORT_H
#define OPGRAFT_REPORT_H

#include <stddef.h>

/*
 * A frame is its letter, the size of the output so far (8 bytes), the size of its content (4 bytes), both little-endian,
 * and the content.
 */
enum frame {
    FRAME_FAULT = 'F',      /* why no trial can be made; text */
    FRAME_READY = 'R',      /* TensorFlow is there; its version */
    FRAME_LOADED = 'L',     /* the answer of opgraft_scope_load_v2 */
    FRAME_NEW_OPS = 'A',    /* an OpList of all that TensorFlow did not have before */
    FRAME_KERNELS = 'K',    /* the author's name of an op, a zero byte, a KernelList */
    FRAME_SECOND = 'S',     /* the first load is done, the second one begins; empty */
    FRAME_TWIN = 'T'        /* the answer of the second load */
};

/* Creates the file; output is the descriptor that the library prints to. 0, or -1. */
int report_open(const char *path, int output);

/* Ends the process if the frame cannot be written. */
void report_frame(enum frame frame, const void *content, size_t size);
void report_text(enum frame frame, const char *text);

#endif
