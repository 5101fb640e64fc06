/*
 * opgraft-probe loads op libraries on trial, each in a process of its own that may crash. Lists of paths have one a line.
 *
 * opgraft-probe try TENSORFLOW SCOPE_LIBRARY MILLIS LIBRARY TWIN RESULTS: one library; see job.h.
 * opgraft-probe serve TENSORFLOW SCOPE_LIBRARY MILLIS IDLE_MILLIS: many, with TensorFlow loaded once; see serve.h.
 */
#include "job.h"
#include "serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USAGE = 2, FAILED = 3 };

int main(int count, char **arguments) {
    int one = count == 8 && strcmp(arguments[1], "try") == 0;
    int many = count == 6 && strcmp(arguments[1], "serve") == 0;
    if (!one && !many) {
        fputs("opgraft-probe try TENSORFLOW SCOPE_LIBRARY MILLIS LIBRARY TWIN RESULTS\n"
              "opgraft-probe serve TENSORFLOW SCOPE_LIBRARY MILLIS IDLE_MILLIS\n",
            stderr);
        return USAGE;
    }
    struct natives natives = {arguments[2], arguments[3]};
    long long millis = atoll(arguments[4]);
    job_signals();
    if (many) {
        serve(&natives, millis, atoi(arguments[5]));
        return 0;
    }
    struct job job = {arguments[5], arguments[6], arguments[7], millis};
    return job_run(&job, &natives) == 0 ? 0 : FAILED;
}
