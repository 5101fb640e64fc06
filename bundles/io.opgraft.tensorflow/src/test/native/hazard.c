/* Op LabHazard, after which the initialiser does what MODE says. */
#define OP "LabHazard"
#define FACTOR 1
#include "scale.c"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { CRASH = 1, ABORT, HANG, EXIT, PRINT, THREAD, FLOOD, SPAWN, PARENT };

static void *wait_for_ever(void *nothing) {
    (void)nothing;
    for (;;) {
        pause();
    }
}

__attribute__((constructor)) static void misbehave(void) {
    static int *volatile nowhere;
    pthread_t thread;
    switch (MODE) {
    case CRASH:
        fprintf(stderr, "about to write to nowhere\n");
        *nowhere = 1;
        break;
    case ABORT:
        fprintf(stderr, "something is wrong\n");
        abort();
    case HANG:
        fprintf(stderr, "waiting for a server\n");
        wait_for_ever(NULL);
        break;
    case EXIT:
        exit(3);
    case PRINT:
        printf("loaded, says the library\n");
        fflush(stdout);
        break;
    case THREAD:
        pthread_create(&thread, NULL, wait_for_ever, NULL);
        break;
    case FLOOD:
        for (int i = 0; i < 100000; i++) {
            fprintf(stderr, "line %d\n", i);
        }
        break;
    case SPAWN:
        if (fork() == 0) {
            /* Keeps the output open for longer than anybody should wait. */
            sleep(600);
        }
        break;
    case PARENT:
        kill(getppid(), SIGKILL);
        wait_for_ever(NULL);
        break;
    }
}
