#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CANNOT_REPORT = 125 };

static int report = -1;
static int output = -1;

int report_open(const char *path, int output_descriptor) {
    report = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    output = output_descriptor;
    return report < 0 ? -1 : 0;
}

static void write_all(const void *content, size_t size) {
    const char *at = content;
    while (size > 0) {
        ssize_t n = write(report, at, size);
        if (n < 0 && errno != EINTR) {
            _exit(CANNOT_REPORT);
        }
        at += n < 0 ? 0 : n;
        size -= n < 0 ? 0 : (size_t)n;
    }
}

void report_frame(enum frame frame, const void *content, size_t size) {
    struct stat printed = {0};
    fstat(output, &printed);
    unsigned char head[13] = {(unsigned char)frame};
    uint64_t so_far = (uint64_t)printed.st_size;
    uint32_t length = (uint32_t)size;
    memcpy(head + 1, &so_far, sizeof so_far);
    memcpy(head + 9, &length, sizeof length);
    write_all(head, sizeof head);
    write_all(content, size);
}

void report_text(enum frame frame, const char *text) {
    report_frame(frame, text, strlen(text));
}
