/* Plugin libraries as the tests need them, written against what TensorRT's objects look like from outside. */
#include "objects.h"

#include <cstdlib>
#include <stdexcept>

using namespace opgraft;

#ifndef NAME
#define NAME "AddSub"
#endif
#ifndef VERSION
#define VERSION "1"
#endif
#ifndef KIND
#define KIND "PLUGIN CREATOR_V3ONE"
#endif
#ifndef NAMESPACE
#define NAMESPACE ""
#endif

extern "C" {
void *getPluginRegistry();
int nobody_defines_this();
int cuDeviceGetNothing(int);
}

namespace {

PluginField const fields[] = {{"scale", nullptr, 1, 1}, {"axes", nullptr, 5, 2}};
PluginFields const collection = {2, fields};

struct Creator final : CreatorV3 {
    int32_t language() const noexcept override { return 0; }
    InterfaceInfo info() const noexcept override { return {KIND, 1, 0}; }
    void *create(char const *, PluginFields const *, int32_t) noexcept override { return nullptr; }
    PluginFields const *fields() noexcept override { return &collection; }
    char const *name() const noexcept override { return NAME; }
    char const *version() const noexcept override { return VERSION; }
    char const *name_space() const noexcept override { return NAMESPACE; }
};

#ifdef STATIC_REGISTRATION
void *const registry = getPluginRegistry();
#endif
#ifdef CRASH
struct Crash {
    Crash() { std::abort(); }
} crash;
#endif

} // namespace

#ifndef NO_ENTRY
extern "C" Versioned *const *getCreators(int32_t &count) {
#ifdef THROW
    throw std::runtime_error("getCreators threw on purpose");
#endif
#ifdef UNDEFINED
    count = nobody_defines_this();
#endif
#ifdef DRIVER
    count = cuDeviceGetNothing(0);
#endif
    static Creator creator;
    static Versioned *creators[] = {&creator};
    count = 1;
    return creators;
}
#endif

#ifndef NO_FINDER
extern "C" void setLoggerFinder(LoggerFinder *finder) {
    finder->findLogger()->log(3, "loaded");
}
#endif
