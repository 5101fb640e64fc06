/* A process that loads TensorFlow once and makes each trial in a child that is forked from it. */
#ifndef OPGRAFT_SERVE_H
#define OPGRAFT_SERVE_H

#include "job.h"

/*
 * Writes one byte to standard output when it is ready, and one after each trial; see enum answer. A request on standard
 * input is the length of what follows (4 bytes, little-endian) and three strings that end with a zero byte each: those of
 * struct job. Returns when standard input is closed, which happens if the server dies, when nothing was asked for
 * idle_millis, and after every answer but ANSWER_DONE.
 */
void serve(const struct natives *natives, long long millis, int idle_millis);

enum answer {
    ANSWER_DONE = '.',   /* ready, or the trial is over */
    ANSWER_FAULT = 'F',  /* TensorFlow cannot be loaded, or the request or the trial failed */
    ANSWER_THREADS = 'T' /* this process has several threads, of which a fork would lose all but one */
};

#endif
