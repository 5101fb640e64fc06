/* The trial itself, in the process that may crash. */
#ifndef OPGRAFT_TRIAL_H
#define OPGRAFT_TRIAL_H

/* What is loaded from where. Lists of paths have one a line. */
struct trial {
    const char *tensorflow;
    const char *scope_library;
    const char *library;
    const char *twin;
};

/* Loads everything and reports it. */
void trial_run(const struct trial *trial);

#endif
