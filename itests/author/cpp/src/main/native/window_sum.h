// What the op computes, apart from TensorFlow, so that a test needs none.
#ifndef WINDOW_SUM_H_
#define WINDOW_SUM_H_

#include <cstdint>

// out[i] is the sum of in[i] and of up to width - 1 elements before it; both have count elements, width is at least 1.
template <typename T>
void WindowSum(const T* in, T* out, int64_t count, int64_t width) {
  for (int64_t i = 0; i < count; i++) {
    T sum = T(0);
    for (int64_t j = i < width ? 0 : i - width + 1; j <= i; j++) sum += in[j];
    out[i] = sum;
  }
}

#endif  // WINDOW_SUM_H_
