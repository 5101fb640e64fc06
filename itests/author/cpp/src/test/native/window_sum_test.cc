// Tests what the op computes; exit code 0 if all is right.
#include "../../main/native/window_sum.h"

#include <cstdio>
#include <vector>

namespace {

int failures = 0;

void Expect(const std::vector<int>& in, int64_t width, const std::vector<int>& want) {
  std::vector<int> have(in.size(), -1);
  WindowSum(in.data(), have.data(), static_cast<int64_t>(in.size()), width);
  if (have != want) {
    std::printf("wrong for width %d\n", static_cast<int>(width));
    failures++;
  }
}

}  // namespace

int main() {
  Expect({1, 2, 3, 4}, 1, {1, 2, 3, 4});
  Expect({1, 2, 3, 4}, 2, {1, 3, 5, 7});
  Expect({1, 2, 3, 4}, 3, {1, 3, 6, 9});
  Expect({1, 2, 3, 4}, 100, {1, 3, 6, 10});
  Expect({}, 2, {});
  return failures != 0;
}
