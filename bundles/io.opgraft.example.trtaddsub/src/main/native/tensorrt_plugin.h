/*
 * The part of TensorRT 10's plugin interface that a plugin library implements: classes, order of their virtual functions
 * and layout of what they are given. Written for this project, so that plugins build with a C++ compiler alone; the
 * names are TensorRT's own, so that a source compiles against NVIDIA's headers as well.
 */
#ifndef TENSORRT_PLUGIN_H
#define TENSORRT_PLUGIN_H

#include <cstddef>
#include <cstdint>

typedef struct CUstream_st *cudaStream_t;

namespace nvinfer1 {

class ILoggerFinder;
class IPluginResourceContext;
class IDimensionExpr;
class IExprBuilder;

using AsciiChar = char;

enum class DataType : int32_t {
    kFLOAT = 0,
    kHALF = 1,
    kINT8 = 2,
    kINT32 = 3,
    kBOOL = 4,
    kUINT8 = 5,
    kFP8 = 6,
    kBF16 = 7,
    kINT64 = 8
};
enum class TensorFormat : int32_t { kLINEAR = 0 };
enum class TensorRTPhase : int32_t { kBUILD = 0, kRUNTIME = 1 };
enum class PluginCapabilityType : int32_t { kCORE = 0, kBUILD = 1, kRUNTIME = 2 };
enum class PluginFieldType : int32_t { kFLOAT32 = 1, kINT32 = 5, kUNKNOWN = 8 };
enum class APILanguage : int32_t { kCPP = 0 };

class Dims64 {
public:
    static constexpr int32_t MAX_DIMS{8};
    int32_t nbDims;
    int64_t d[MAX_DIMS];
};
using Dims = Dims64;

class DimsExprs {
public:
    int32_t nbDims;
    IDimensionExpr const *d[Dims::MAX_DIMS];
};

struct PluginTensorDesc {
    Dims dims;
    DataType type;
    TensorFormat format;
    float scale;
};

struct DynamicPluginTensorDesc {
    PluginTensorDesc desc;
    Dims min;
    Dims max;
    Dims opt;
};

class PluginField {
public:
    AsciiChar const *name{nullptr};
    void const *data{nullptr};
    PluginFieldType type{PluginFieldType::kUNKNOWN};
    int32_t length{0};
};

struct PluginFieldCollection {
    int32_t nbFields{};
    PluginField const *fields{};
};

class InterfaceInfo {
public:
    char const *kind;
    int32_t major;
    int32_t minor;
};

class IVersionedInterface {
public:
    virtual APILanguage getAPILanguage() const noexcept {
        return APILanguage::kCPP;
    }
    virtual InterfaceInfo getInterfaceInfo() const noexcept = 0;
    virtual ~IVersionedInterface() noexcept = default;
};

namespace v_1_0 {

class IPluginCapability : public IVersionedInterface {};

class IPluginCreatorInterface : public IVersionedInterface {};

class IPluginV3 : public IVersionedInterface {
public:
    InterfaceInfo getInterfaceInfo() const noexcept override {
        return InterfaceInfo{"PLUGIN", 1, 0};
    }
    virtual IPluginCapability *getCapabilityInterface(PluginCapabilityType type) noexcept = 0;
    virtual IPluginV3 *clone() noexcept = 0;
};

class IPluginCreatorV3One : public IPluginCreatorInterface {
public:
    InterfaceInfo getInterfaceInfo() const noexcept override {
        return InterfaceInfo{"PLUGIN CREATOR_V3ONE", 1, 0};
    }
    virtual IPluginV3 *createPlugin(AsciiChar const *name, PluginFieldCollection const *fields,
                                    TensorRTPhase phase) noexcept = 0;
    virtual PluginFieldCollection const *getFieldNames() noexcept = 0;
    virtual AsciiChar const *getPluginName() const noexcept = 0;
    virtual AsciiChar const *getPluginVersion() const noexcept = 0;
    virtual AsciiChar const *getPluginNamespace() const noexcept = 0;
};

class IPluginV3OneCore : public IPluginCapability {
public:
    InterfaceInfo getInterfaceInfo() const noexcept override {
        return InterfaceInfo{"PLUGIN_V3ONE_CORE", 1, 0};
    }
    virtual AsciiChar const *getPluginName() const noexcept = 0;
    virtual AsciiChar const *getPluginVersion() const noexcept = 0;
    virtual AsciiChar const *getPluginNamespace() const noexcept = 0;
};

class IPluginV3OneBuild : public IPluginCapability {
public:
    InterfaceInfo getInterfaceInfo() const noexcept override {
        return InterfaceInfo{"PLUGIN_V3ONE_BUILD", 1, 0};
    }
    virtual int32_t configurePlugin(DynamicPluginTensorDesc const *in, int32_t nbInputs,
                                    DynamicPluginTensorDesc const *out, int32_t nbOutputs) noexcept = 0;
    virtual int32_t getOutputDataTypes(DataType *outputTypes, int32_t nbOutputs, DataType const *inputTypes,
                                       int32_t nbInputs) const noexcept = 0;
    virtual int32_t getOutputShapes(DimsExprs const *inputs, int32_t nbInputs, DimsExprs const *shapeInputs,
                                    int32_t nbShapeInputs, DimsExprs *outputs, int32_t nbOutputs,
                                    IExprBuilder &exprBuilder) noexcept = 0;
    virtual bool supportsFormatCombination(int32_t pos, DynamicPluginTensorDesc const *inOut, int32_t nbInputs,
                                           int32_t nbOutputs) noexcept = 0;
    virtual int32_t getNbOutputs() const noexcept = 0;
    virtual size_t getWorkspaceSize(DynamicPluginTensorDesc const *, int32_t, DynamicPluginTensorDesc const *,
                                    int32_t) const noexcept {
        return 0;
    }
    virtual int32_t getValidTactics(int32_t *, int32_t) noexcept {
        return 0;
    }
    virtual int32_t getNbTactics() noexcept {
        return 0;
    }
    virtual char const *getTimingCacheID() noexcept {
        return nullptr;
    }
    virtual int32_t getFormatCombinationLimit() noexcept {
        return 100;
    }
    virtual char const *getMetadataString() noexcept {
        return nullptr;
    }
};

class IPluginV3OneRuntime : public IPluginCapability {
public:
    InterfaceInfo getInterfaceInfo() const noexcept override {
        return InterfaceInfo{"PLUGIN_V3ONE_RUNTIME", 1, 0};
    }
    virtual int32_t setTactic(int32_t) noexcept {
        return 0;
    }
    virtual int32_t onShapeChange(PluginTensorDesc const *in, int32_t nbInputs, PluginTensorDesc const *out,
                                  int32_t nbOutputs) noexcept = 0;
    virtual int32_t enqueue(PluginTensorDesc const *inputDesc, PluginTensorDesc const *outputDesc,
                            void const *const *inputs, void *const *outputs, void *workspace,
                            cudaStream_t stream) noexcept = 0;
    virtual IPluginV3 *attachToContext(IPluginResourceContext *context) noexcept = 0;
    virtual PluginFieldCollection const *getFieldsToSerialize() noexcept = 0;
};

} // namespace v_1_0

using v_1_0::IPluginCapability;
using v_1_0::IPluginCreatorInterface;
using v_1_0::IPluginCreatorV3One;
using v_1_0::IPluginV3;
using v_1_0::IPluginV3OneBuild;
using v_1_0::IPluginV3OneCore;
using v_1_0::IPluginV3OneRuntime;

} // namespace nvinfer1

/* What TensorRT looks up in a plugin library. */
extern "C" __attribute__((visibility("default"))) nvinfer1::IPluginCreatorInterface *const *getCreators(
    int32_t &nbCreators);
extern "C" __attribute__((visibility("default"))) void setLoggerFinder(nvinfer1::ILoggerFinder *finder);

#endif
