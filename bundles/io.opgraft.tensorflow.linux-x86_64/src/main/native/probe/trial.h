/* The trial itself, in the process that may crash. */
#ifndef OPGRAFT_TRIAL_H
#define OPGRAFT_TRIAL_H

/* Loads TensorFlow from a folder, and the op-scope library. NULL, or what is wrong. */
const char *trial_prepare(const char *tensorflow, const char *scope_library);

/*
 * Loads a library, and its twin, as the server would, and reports it; trial_prepare was called before, in this process or
 * in one that it was forked from. Lists of paths have one a line.
 */
void trial_run(const char *library, const char *twin);

/* Reports that no trial can be made. */
void trial_impossible(const char *fault);

#endif
