#include "creators.h"

#include <cstring>

namespace opgraft {

/* IPluginCreator, kind "PLUGIN CREATOR_V1", for IPluginV2 and its kin. */
struct CreatorV1 : Versioned {
    virtual char const *name() const noexcept = 0;
    virtual char const *version() const noexcept = 0;
    virtual PluginFields const *fields() noexcept = 0;
    virtual void *create(char const *name, PluginFields const *fields) noexcept = 0;
    virtual void *deserialize(char const *name, void const *data, size_t size) noexcept = 0;
    virtual void set_name_space(char const *name_space) noexcept = 0;
    virtual char const *name_space() const noexcept = 0;
};

template <typename Creator> static void read(Creator *creator, CreatorTexts &texts) {
    texts = {creator->name(), creator->version(), creator->name_space(), creator->fields()};
}

char const *read_creator(Versioned *creator, CreatorTexts &texts) {
    char const *kind = creator->info().kind;
    if (kind == nullptr) {
        return "(none)";
    }
    if (std::strcmp(kind, "PLUGIN CREATOR_V3ONE") == 0 || std::strcmp(kind, "PLUGIN CREATOR_V3QUICK") == 0) {
        read(static_cast<CreatorV3 *>(creator), texts);
        return nullptr;
    }
    if (std::strcmp(kind, "PLUGIN CREATOR_V1") == 0) {
        read(static_cast<CreatorV1 *>(creator), texts);
        return nullptr;
    }
    return kind;
}

char const *field_type(int32_t type) {
    static char const *const names[] = {"fp16", "fp32", "fp64", "int8",  "int16", "int32", "char",
                                        "dims", "any",  "bf16", "int64", "fp8",   "int4"};
    return type >= 0 && type < static_cast<int32_t>(sizeof names / sizeof *names) ? names[type] : "any";
}

} // namespace opgraft
