/* Tests what the op computes; exit code 0 if all is right. */
#include "../../main/native/clip.h"

#include <math.h>
#include <stdio.h>

static int failures;

static void expect(float want, float have, const char *what) {
    if (want != have && !(isnan(want) && isnan(have))) {
        printf("%s: expected %g, but was %g\n", what, want, have);
        failures++;
    }
}

int main(void) {
    expect(0.5f, clip(0.5f, 0, 1), "inside");
    expect(0, clip(-3, 0, 1), "below");
    expect(1, clip(3, 0, 1), "above");
    expect(1, clip(INFINITY, 0, 1), "infinite");
    expect(NAN, clip(NAN, 0, 1), "not a number");
    expect(2, clip(7, 2, 2), "one value only");
    return failures != 0;
}
