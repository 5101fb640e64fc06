/*
 * opgraft-probe TENSORFLOW SCOPE_LIBRARY LIBRARY TWIN RESULTS MILLIS: loads an op library on trial.
 *
 * This process only watches: the trial is a child in a process group of its own. The group is killed when the time is up,
 * when the child has ended, and when standard input is closed, which happens if the server dies. What the library prints
 * goes where standard output and error go, which is a file. In the folder RESULTS it leaves "report" (see report.h) and
 * "end": "exit N", "signal N" or "time".
 */
#define _GNU_SOURCE
#include "report.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { USAGE = 2, CANNOT_START = 3, LARGEST_FILE = 256 << 20 };

static void ignore(int signal) {
    (void)signal;
}

static long long now_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void limit(int resource, rlim_t most) {
    struct rlimit limits = {most, most};
    setrlimit(resource, &limits);
}

/* If memory runs out, this process goes and not the server. */
static void offer_to_go_first(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        ssize_t written = write(file, "1000", 4);
        (void)written;
        close(file);
    }
}

static _Noreturn void child(char **arguments, const sigset_t *signals) {
    char report[PATH_MAX];
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigprocmask(SIG_SETMASK, signals, NULL);
    signal(SIGCHLD, SIG_DFL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, LARGEST_FILE);
    offer_to_go_first();
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    closefrom(STDERR_FILENO + 1);
    snprintf(report, sizeof report, "%s/report", arguments[5]);
    if (report_open(report, STDOUT_FILENO) != 0) {
        fprintf(stderr, "%s: %s\n", report, strerror(errno));
        _exit(CANNOT_START);
    }
    struct trial trial = {arguments[1], arguments[2], arguments[3], arguments[4]};
    trial_run(&trial);
    /* No destructors: those of a library that was never meant to be unloaded say nothing about its use. */
    _exit(0);
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
    if (count != 7) {
        fputs("opgraft-probe TENSORFLOW SCOPE_LIBRARY LIBRARY TWIN RESULTS MILLIS\n", stderr);
        return USAGE;
    }
    sigset_t mask, before;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, &before);
    signal(SIGCHLD, ignore);
    pid_t trial = fork();
    if (trial == 0) {
        child(arguments, &before);
    }
    if (trial < 0) {
        return CANNOT_START;
    }
    setpgid(trial, trial);
    int in_time = watch(trial, atoll(arguments[6]), &before);
    /* Everything that the library started too, and before its number can belong to another process. */
    kill(-trial, SIGKILL);
    int status;
    return waitpid(trial, &status, 0) == trial ? write_end(arguments[5], in_time, status) : CANNOT_START;
}
