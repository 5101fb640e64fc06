#define _GNU_SOURCE
#include "serve.h"

#include "trial.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { LONGEST_REQUEST = 16 << 20, FIELDS = 3 };

static int read_all(void *to, size_t size) {
    char *at = to;
    while (size > 0) {
        ssize_t n = read(STDIN_FILENO, at, size);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return 0;
        }
        at += n < 0 ? 0 : n;
        size -= n < 0 ? 0 : (size_t)n;
    }
    return 1;
}

static int threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    for (struct dirent *entry = NULL; tasks != NULL && (entry = readdir(tasks)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return count;
}

/* Whether the next request is to be waited for. */
static int answer(enum answer answer) {
    char byte = (char)answer;
    return write(STDOUT_FILENO, &byte, 1) == 1 && answer == ANSWER_DONE;
}

static enum answer try(char *fields, size_t length, long long millis) {
    const char *field[FIELDS];
    char *at = fields;
    for (int i = 0; i < FIELDS; i++) {
        char *end = memchr(at, '\0', length - (size_t)(at - fields));
        if (end == NULL) {
            return ANSWER_FAULT;
        }
        field[i] = at;
        at = end + 1;
    }
    struct job job = {field[0], field[1], field[2], millis};
    return job_run(&job, NULL) == 0 ? ANSWER_DONE : ANSWER_FAULT;
}

static int serve_one(long long millis) {
    uint32_t length;
    if (!read_all(&length, sizeof length) || length > LONGEST_REQUEST) {
        return 0;
    }
    char *fields = malloc(length + 1);
    int go_on = fields != NULL && read_all(fields, length)
        && answer(threads() == 1 ? try(fields, length, millis) : ANSWER_THREADS);
    free(fields);
    return go_on;
}

void serve(const struct natives *natives, long long millis, int idle_millis) {
    /* Of a group of its own, so that what a terminal sends to the server does not end trials before the server does. */
    setpgid(0, 0);
    signal(SIGPIPE, SIG_IGN);
    enum answer ready = trial_prepare(natives->tensorflow, natives->scope_library) != NULL ? ANSWER_FAULT
        : threads() == 1                                                                   ? ANSWER_DONE
                                                                                           : ANSWER_THREADS;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (int go_on = answer(ready); go_on && poll(&input, 1, idle_millis) > 0;) {
        go_on = serve_one(millis);
    }
}
