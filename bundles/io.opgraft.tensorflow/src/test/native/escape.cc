/* Registers with TensorFlow what a prefix cannot be put on, through functions and types declared by hand. */
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

extern "C" {
#include "tf.h"
}

namespace absl {
inline namespace lts_20230802 {
class Status {
  public:
    ~Status() {}
    uintptr_t rep = 1;
};
}
}

namespace google::protobuf {
struct DescriptorPool {
    static void InternalAddGeneratedFile(const void *file, int size);
};
namespace internal {
struct DescriptorTable {
    bool initialized;
    bool eager;
    int size;
    const char *descriptor;
    const char *filename;
    void *rest[16];
};
struct AddDescriptorsRunner {
    explicit AddDescriptorsRunner(const DescriptorTable *table);
};
}
}

namespace tsl {
class FileSystem;
class Env {
  public:
    static Env *Default();
    absl::Status RegisterFileSystem(const std::string &scheme, std::function<FileSystem *()> factory);
};
}

namespace tensorflow {
class SessionFactory {
  public:
    static void Register(const std::string &type, SessionFactory *factory);
};
class InputColocationExemptionRegistry {
  public:
    static InputColocationExemptionRegistry *Global();
    void Register(const std::string &op);
};
namespace data {
class DatasetExperimentRegistry {
  public:
    static void Register(
        const std::string &name, std::function<bool(uint64_t)> selector, std::function<bool(int64_t, bool)> policy);
};
}
class XlaOpRegistrationBuilder {
  public:
    static XlaOpRegistrationBuilder Name(std::string_view name);
    XlaOpRegistrationBuilder(const XlaOpRegistrationBuilder &);

  private:
    void *registration;
};
}

static const char file[] = "\x0a\x0d" "lab/one.proto";

static google::protobuf::internal::DescriptorTable table = {
    false, false, sizeof file - 1, file, "lab/one.proto", {}};

#ifdef OWN
/* A protobuf of the library's own, which has to be the one that is used. */
static bool own;
google::protobuf::internal::AddDescriptorsRunner::AddDescriptorsRunner(const DescriptorTable *) {
    own = true;
}
static google::protobuf::internal::AddDescriptorsRunner runner(&table);
#endif

static struct Start {
    Start() {
#ifdef OWN
        if (!own) {
            return;
        }
#endif
        auto *op = TF_NewOpDefinitionBuilder("LabEscape");
        auto *status = TF_NewStatus();
        TF_RegisterOpDefinition(op, status);
        TF_DeleteStatus(status);
#if GENERATED == 1
        google::protobuf::DescriptorPool::InternalAddGeneratedFile(file, sizeof file - 1);
#elif GENERATED == 2
        google::protobuf::internal::AddDescriptorsRunner runner(&table);
#endif
#ifdef FILE_SYSTEM
        tsl::Env::Default()->RegisterFileSystem(FILE_SYSTEM, [] { return nullptr; });
#endif
#ifdef SESSION
        tensorflow::SessionFactory::Register(SESSION, nullptr);
#endif
#ifdef EXPERIMENT
        tensorflow::data::DatasetExperimentRegistry::Register(EXPERIMENT, {}, {});
#endif
#ifdef COLOCATION
        tensorflow::InputColocationExemptionRegistry::Global()->Register("LabEscape");
#endif
#ifdef XLA
        alignas(16) static char place[sizeof(tensorflow::XlaOpRegistrationBuilder)];
        new (place) tensorflow::XlaOpRegistrationBuilder(tensorflow::XlaOpRegistrationBuilder::Name("LabEscape"));
#endif
    }
} start;
