/* A library that needs a helper and the C library, with one symbol of each binding. */
#include <stdlib.h>

extern int helper_value(void);
extern int perhaps_there(void) __attribute__((weak));

static int hidden(void) { return 1; }

__attribute__((weak)) int weak_value(void) { return 2; }

int main_value(void) {
    return helper_value() + (perhaps_there ? perhaps_there() : 0) + hidden() + weak_value() + (getenv("X") != NULL);
}
