#define _GNU_SOURCE
#include "job.h"

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

enum { CANNOT_START = 3, LARGEST_FILE = 256 << 20 };

/* Without SIGCHLD, which is let in while the process waits. */
static sigset_t usual;

static void ignore(int signal) {
    (void)signal;
}

void job_signals(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ends, &usual);
    signal(SIGCHLD, ignore);
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

static const char *within(char *path, const char *folder, const char *name) {
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

/* An empty folder for what it writes, nothing to read, and a file for what it prints. Whether that could be had. */
static int furnish(const char *results) {
    char path[PATH_MAX];
    int nothing = open("/dev/null", O_RDONLY);
    int output = open(within(path, results, "output"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (nothing < 0 || output < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0
        || dup2(output, STDERR_FILENO) < 0) {
        return 0;
    }
    closefrom(STDERR_FILENO + 1);
    within(path, results, "empty");
    return chdir(path) == 0 && setenv("HOME", path, 1) == 0 && setenv("TMPDIR", path, 1) == 0
        && report_open(within(path, results, "report"), STDOUT_FILENO) == 0;
}

static _Noreturn void child(const struct job *job, const struct natives *natives, pid_t watcher) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != watcher) {
        _exit(CANNOT_START);
    }
    sigprocmask(SIG_SETMASK, &usual, NULL);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, LARGEST_FILE);
    offer_to_go_first();
    if (!furnish(job->results)) {
        fprintf(stderr, "%s: %s\n", job->results, strerror(errno));
        _exit(CANNOT_START);
    }
    const char *fault = natives == NULL ? NULL : trial_prepare(natives->tensorflow, natives->scope_library);
    if (fault != NULL) {
        trial_impossible(fault);
    } else {
        trial_run(job->library, job->twin);
    }
    /* No destructors: those of a library that was never meant to be unloaded say nothing about its use. */
    _exit(0);
}

/* Waits for the end of the child, of the time or of the server. Whether the child has ended; it is not reaped yet. */
static int watch(pid_t trial, long long millis) {
    long long end = now_millis() + millis;
    for (;;) {
        siginfo_t ended = {0};
        if (waitid(P_PID, (id_t)trial, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == trial) {
            return 1;
        }
        long long left = end - now_millis();
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        struct timespec wait = {left / 1000, left % 1000 * 1000000};
        if (left <= 0 || ppoll(&input, 1, &wait, &usual) > 0) {
            return 0;
        }
    }
}

static int write_end(const char *folder, int in_time, int status) {
    char path[PATH_MAX];
    FILE *file = fopen(within(path, folder, "end"), "we");
    if (file == NULL) {
        return -1;
    }
    if (!in_time) {
        fputs("time", file);
    } else if (WIFSIGNALED(status)) {
        fprintf(file, "signal %d", WTERMSIG(status));
    } else {
        fprintf(file, "exit %d", WEXITSTATUS(status));
    }
    return fclose(file) == 0 ? 0 : -1;
}

int job_run(const struct job *job, const struct natives *natives) {
    pid_t watcher = getpid();
    pid_t trial = fork();
    if (trial == 0) {
        child(job, natives, watcher);
    }
    if (trial < 0) {
        return -1;
    }
    setpgid(trial, trial);
    int in_time = watch(trial, job->millis);
    /* Everything that the library started too, and before its number can belong to another process. */
    kill(-trial, SIGKILL);
    int status;
    return waitpid(trial, &status, 0) == trial ? write_end(job->results, in_time, status) : -1;
}
