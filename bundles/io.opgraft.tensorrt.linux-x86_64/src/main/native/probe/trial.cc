/* Loads a plugin library twice, under two paths, and asks it for its creators. Needs neither a GPU nor a driver. */
#include "trial.h"

#include "../creators.h"
#include "../log.h"
#include "report.h"

#include <cstdlib>
#include <dlfcn.h>
#include <exception>
#include <sstream>
#include <string>

using namespace opgraft;

namespace {

/* Texts of a library, made safe for the report. */
std::string clean(char const *text) {
    std::string made = text == nullptr ? "" : text;
    for (char &c : made) {
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return made;
}

class Finder final : public LoggerFinder {
  public:
    Logger *findLogger() override {
        return &log;
    }

  private:
    KeptLog log;
};

Finder finder;

std::string fields_of(CreatorTexts const &texts) {
    std::string made = "(";
    for (int32_t i = 0; texts.fields != nullptr && i < texts.fields->count; i++) {
        PluginField const &field = texts.fields->fields[i];
        made += (i == 0 ? "" : ", ") + clean(field.name) + ":" + field_type(field.type);
    }
    return made + ")";
}

void tell_creator(Versioned *creator) {
    CreatorTexts texts = {};
    char const *unknown = read_creator(creator, texts);
    if (unknown != nullptr) {
        tell('K', clean(unknown));
        return;
    }
    Dl_info code = {};
    dladdr(*reinterpret_cast<void **>(creator), &code);
    tell('C', clean(texts.name) + "\t" + clean(texts.version) + "\t" + clean(texts.name_space) + "\t" +
                  fields_of(texts) + "\t" + clean(code.dli_fname));
}

void tell_creators(void *library) {
    using SetLoggerFinder = void (*)(LoggerFinder *);
    using GetCreators = Versioned *const *(*)(int32_t &);
    auto set_finder = reinterpret_cast<SetLoggerFinder>(dlsym(library, "setLoggerFinder"));
    auto get_creators = reinterpret_cast<GetCreators>(dlsym(library, "getCreators"));
    if (get_creators == nullptr) {
        tell('N', "it has no getCreators");
        return;
    }
    if (set_finder != nullptr) {
        set_finder(&finder);
    }
    int32_t count = 0;
    Versioned *const *creators = get_creators(count);
    if (creators == nullptr || count <= 0) {
        tell('N', "getCreators gives no creator");
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        if (creators[i] == nullptr) {
            tell('N', "getCreators gives a null pointer");
        } else {
            tell_creator(creators[i]);
        }
    }
}

/* Where there is no driver, a stub of its name does for libraries that are only looked at. */
void *open_library(std::string const &path, std::string &error) {
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) {
        return library;
    }
    error = loader_error();
    char const *stub = getenv("OPGRAFT_DRIVER_STUB");
    if (stub == nullptr || error.find("libcuda.so.1") == std::string::npos ||
        dlopen(stub, RTLD_NOW | RTLD_LOCAL) == nullptr) {
        return nullptr;
    }
    library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        error = loader_error();
    }
    return library;
}

void load(char const *paths) {
    std::istringstream lines(paths);
    std::string path;
    while (std::getline(lines, path)) {
        std::string error;
        void *library = open_library(path, error);
        if (library == nullptr) {
            tell('L', error);
            return;
        }
        tell('L', "");
        try {
            tell_creators(library);
        } catch (std::exception const &e) {
            tell('E', clean(e.what()));
        } catch (...) {
            tell('E', "an exception of a type of its own");
        }
    }
}

} // namespace

void trial_run(int file, const char *tensorrt, const char *libraries, const char *twins) {
    report_to(file);
    if (*tensorrt == '\0') {
        tell('R', "absent");
    } else {
        void *loaded = dlopen(tensorrt, RTLD_NOW | RTLD_LOCAL);
        auto version = loaded == nullptr ? nullptr : dlsym(loaded, "getInferLibVersion");
        if (version == nullptr) {
            tell('F', loader_error());
            return;
        }
        tell('R', std::to_string(reinterpret_cast<int32_t (*)()>(version)()));
    }
    load(libraries);
    tell('S', "");
    load(twins);
    tell('D', "");
}
