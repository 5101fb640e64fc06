/*
 * opgraft-tensorrt-probe TENSORRT LIBRARY TWIN RESULTS MILLIS: loads a plugin library on trial.
 * opgraft-tensorrt-probe TENSORRT LIBRARY PLAN RESULTS MILLIS DEVICE: opens and runs a plan on trial.
 *
 * TENSORRT is the path of libnvinfer or empty. LIBRARY and TWIN are lists of paths, one a line. This process only
 * watches: the trial is a child in a process group of its own, which is killed when the time is up, when the child has
 * ended, and when standard input is closed, which happens if the server dies. In the folder RESULTS it leaves "report"
 * (see trial.h) and "end": "exit N", "signal N" or "time".
 */
#define _GNU_SOURCE
#include "trial.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { USAGE = 2, CANNOT_START = 3, LARGEST_FILE = 256 << 20, LIBRARY_ARGUMENTS = 6 };

static void ignore(int signal) {
    (void)signal;
}

static void limit(int resource, rlim_t most) {
    struct rlimit limits = {most, most};
    setrlimit(resource, &limits);
}

static _Noreturn void child(int count, char **arguments, const sigset_t *signals) {
    char path[PATH_MAX];
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, signals, NULL);
    signal(SIGCHLD, SIG_DFL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, LARGEST_FILE);
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    closefrom(STDERR_FILENO + 1);
    snprintf(path, sizeof path, "%s/report", arguments[4]);
    int report = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0600);
    if (report < 0) {
        perror(path);
        _exit(CANNOT_START);
    }
    if (count > LIBRARY_ARGUMENTS) {
        trial_plan(report, arguments[1], arguments[2], arguments[3], atoi(arguments[LIBRARY_ARGUMENTS]));
    } else {
        trial_run(report, arguments[1], arguments[2], arguments[3]);
    }
    /* No destructors: those of a library that stays mapped in the server say nothing about its use. */
    _exit(0);
}

static long long now_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Waits for the end of the child, of the time or of the server. Whether the child has ended; it is not reaped yet. */
static int watch(pid_t trial, long long millis, const sigset_t *signals) {
    long long end = now_millis() + millis;
    for (;;) {
        siginfo_t ended = {0};
        if (waitid(P_PID, (id_t)trial, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == trial) {
            return 1;
        }
        long long left = end - now_millis();
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        struct timespec wait = {left / 1000, left % 1000 * 1000000};
        if (left <= 0 || ppoll(&input, 1, &wait, signals) > 0) {
            return 0;
        }
    }
}

static int write_end(const char *folder, int in_time, int status) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/end", folder);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        return CANNOT_START;
    }
    if (!in_time) {
        fputs("time", file);
    } else if (WIFSIGNALED(status)) {
        fprintf(file, "signal %d", WTERMSIG(status));
    } else {
        fprintf(file, "exit %d", WEXITSTATUS(status));
    }
    return fclose(file) == 0 ? 0 : CANNOT_START;
}

int main(int count, char **arguments) {
    if (count != LIBRARY_ARGUMENTS && count != LIBRARY_ARGUMENTS + 1) {
        fputs("opgraft-tensorrt-probe TENSORRT LIBRARY TWIN|PLAN RESULTS MILLIS [DEVICE]\n", stderr);
        return USAGE;
    }
    sigset_t mask, before;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, &before);
    signal(SIGCHLD, ignore);
    pid_t trial = fork();
    if (trial == 0) {
        child(count, arguments, &before);
    }
    if (trial < 0) {
        return CANNOT_START;
    }
    setpgid(trial, trial);
    int in_time = watch(trial, atoll(arguments[5]), &before);
    /* Everything that the library started too, and before its number can belong to another process. */
    kill(-trial, SIGKILL);
    int status;
    return waitpid(trial, &status, 0) == trial ? write_end(arguments[4], in_time, status) : CANNOT_START;
}
