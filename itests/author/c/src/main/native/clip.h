/* What the op computes, apart from TensorFlow, so that a test needs none. */
#ifndef CLIP_H
#define CLIP_H

/* The value nearest to x that is not outside of low to high; NaN stays NaN. */
static inline float clip(float x, float low, float high) {
    return x < low ? low : x > high ? high : x;
}

#endif
