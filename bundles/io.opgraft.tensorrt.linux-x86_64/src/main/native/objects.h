/* What TensorRT's C++ objects look like from outside, as far as the backend touches them itself. */
#ifndef OPGRAFT_OBJECTS_H
#define OPGRAFT_OBJECTS_H

#include <cstdint>

namespace opgraft {

/* Runtimes, engines and contexts: their destructor is their only virtual function. */
struct Deletable {
    virtual ~Deletable();
};

/* ILogger, which TensorRT calls from any thread. */
struct Logger {
    virtual void log(int32_t severity, char const *message) noexcept = 0;
    virtual ~Logger() = default;
};

/* ILoggerFinder, which a plugin library gets when it is loaded. */
struct LoggerFinder {
    virtual Logger *findLogger() = 0;
    virtual ~LoggerFinder() = default;
};

/* InterfaceInfo: which of the creator interfaces an object has. */
struct InterfaceInfo {
    char const *kind;
    int32_t major;
    int32_t minor;
};

struct PluginField {
    char const *name;
    void const *data;
    int32_t type;
    int32_t length;
};

struct PluginFields {
    int32_t count;
    PluginField const *fields;
};

/* IVersionedInterface. */
struct Versioned {
    virtual int32_t language() const noexcept = 0;
    virtual InterfaceInfo info() const noexcept = 0;
    virtual ~Versioned() = default;
};

/* IPluginCreatorV3One, kind "PLUGIN CREATOR_V3ONE". */
struct CreatorV3 : Versioned {
    virtual void *create(char const *name, PluginFields const *fields, int32_t phase) noexcept = 0;
    virtual PluginFields const *fields() noexcept = 0;
    virtual char const *name() const noexcept = 0;
    virtual char const *version() const noexcept = 0;
    virtual char const *name_space() const noexcept = 0;
};

} // namespace opgraft

#endif
