/* A library for TensorFlow 2.21, as the name space of its absl tells. */
namespace absl::lts_20250814 {
class Status;
}
namespace tensorflow {
void Judge(const absl::lts_20250814::Status &status);
}

void use(const absl::lts_20250814::Status &status);
void use(const absl::lts_20250814::Status &status) {
    tensorflow::Judge(status);
}
