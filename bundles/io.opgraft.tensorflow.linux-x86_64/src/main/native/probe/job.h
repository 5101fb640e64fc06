/* One trial from start to end, seen from the process that watches it. */
#ifndef OPGRAFT_JOB_H
#define OPGRAFT_JOB_H

struct job {
    const char *library; /* paths, one a line */
    const char *twin;
    const char *results; /* a folder with an empty one named "empty" in it */
    long long millis;    /* how long it may take */
};

/* What is loaded before every library. */
struct natives {
    const char *tensorflow;
    const char *scope_library;
};

/* Once, before the first job. */
void job_signals(void);

/*
 * Makes the trial in a child in a process group of its own, which is killed when the child has ended, when the time is up
 * and when standard input has something to read, which is so if the server dies. What the library prints goes into
 * "output" in the folder of the results; "report" (see report.h) and "end" are left there too: "exit N", "signal N" or
 * "time". natives is NULL if they are loaded. 0, or -1 if there was no trial.
 */
int job_run(const struct job *job, const struct natives *natives);

#endif
