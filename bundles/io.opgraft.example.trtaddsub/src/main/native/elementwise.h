/*
 * A TensorRT plugin with two inputs and two outputs, all of one shape and type (float or int32), computed element by
 * element. A library includes this, fills in a Definition and ends with ELEMENTWISE_ENTRY_POINTS.
 *
 * The kernels are PTX text, which the driver compiles when a plan gets its execution context, and the driver is looked up
 * then and not linked. So the library needs neither CUDA's compiler to be built nor a GPU to be loaded.
 */
#ifndef ELEMENTWISE_H
#define ELEMENTWISE_H

#include "tensorrt_plugin.h"

#include <dlfcn.h>

namespace elementwise {

struct Definition {
    char const *name;
    char const *version;
    /** PTX with the entries f32 and s32, see ELEMENTWISE_KERNEL. */
    char const *ptx;
};

/** The functions of the CUDA driver that a launch needs. */
struct Driver {
    int (*streamContext)(cudaStream_t, void **);
    int (*currentContext)(void **);
    int (*pushContext)(void *);
    int (*popContext)(void **);
    int (*loadModule)(void **, void const *);
    int (*unloadModule)(void *);
    int (*findFunction)(void **, void *, char const *);
    int (*launch)(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, cudaStream_t, void **,
                  void **);
    bool complete;

    static Driver const &get() {
        static Driver const driver = open();
        return driver;
    }

private:
    template <typename Function> static bool find(void *library, Function &function, char const *name) {
        function = reinterpret_cast<Function>(dlsym(library, name));
        return function != nullptr;
    }

    static Driver open() {
        Driver driver{};
        void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
        driver.complete = library != nullptr && find(library, driver.streamContext, "cuStreamGetCtx") &&
                          find(library, driver.currentContext, "cuCtxGetCurrent") &&
                          find(library, driver.pushContext, "cuCtxPushCurrent_v2") &&
                          find(library, driver.popContext, "cuCtxPopCurrent_v2") &&
                          find(library, driver.loadModule, "cuModuleLoadData") &&
                          find(library, driver.unloadModule, "cuModuleUnload") &&
                          find(library, driver.findFunction, "cuModuleGetFunction") &&
                          find(library, driver.launch, "cuLaunchKernel");
        return driver;
    }
};

/** The compiled kernels of one plugin object, in the CUDA context that it runs in. */
class Kernels {
public:
    Kernels() = default;
    Kernels(Kernels const &) = delete;
    Kernels &operator=(Kernels const &) = delete;

    ~Kernels() {
        Driver const &driver = Driver::get();
        if (module != nullptr && driver.pushContext(context) == 0) {
            void *popped = nullptr;
            driver.unloadModule(module);
            driver.popContext(&popped);
        }
    }

    /** Compiles the kernels for the context that is current, if there is one. */
    void load(char const *ptx) {
        Driver const &driver = Driver::get();
        void *current = nullptr;
        if (module == nullptr && driver.complete && driver.currentContext(&current) == 0 && current != nullptr) {
            loadIn(current, ptx);
        }
    }

    /** Computes count elements of the given type; 0 or an error of the driver. */
    int32_t launch(char const *ptx, bool isFloat, void const *const *inputs, void *const *outputs, uint64_t count,
                   cudaStream_t stream) {
        Driver const &driver = Driver::get();
        if (!driver.complete) return -1;
        if (module == nullptr) {
            void *current = nullptr;
            if (int32_t error = driver.streamContext(stream, &current)) return error;
            if (int32_t error = loadIn(current, ptx)) return error;
        }
        if (count == 0) return 0;
        void const *a = inputs[0], *b = inputs[1];
        void *sum = outputs[0], *difference = outputs[1];
        void *arguments[] = {&a, &b, &sum, &difference, &count};
        uint64_t const blocks = (count + THREADS - 1) / THREADS;
        return driver.launch(isFloat ? f32 : s32, static_cast<unsigned>(blocks), 1, 1, THREADS, 1, 1, 0, stream,
                             arguments, nullptr);
    }

private:
    static constexpr unsigned THREADS = 256;

    int32_t loadIn(void *target, char const *ptx) {
        Driver const &driver = Driver::get();
        int32_t error = driver.pushContext(target);
        if (error != 0) return error;
        error = driver.loadModule(&module, ptx);
        if (error == 0) error = driver.findFunction(&f32, module, "f32");
        if (error == 0) error = driver.findFunction(&s32, module, "s32");
        void *popped = nullptr;
        driver.popContext(&popped);
        context = target;
        return error;
    }

    void *context{nullptr};
    void *module{nullptr};
    void *f32{nullptr};
    void *s32{nullptr};
};

class Plugin : public nvinfer1::IPluginV3,
               public nvinfer1::IPluginV3OneCore,
               public nvinfer1::IPluginV3OneBuild,
               public nvinfer1::IPluginV3OneRuntime {
public:
    explicit Plugin(Definition const &what) : definition(what) {}

    nvinfer1::IPluginCapability *getCapabilityInterface(nvinfer1::PluginCapabilityType type) noexcept override {
        switch (type) {
        case nvinfer1::PluginCapabilityType::kBUILD: return static_cast<nvinfer1::IPluginV3OneBuild *>(this);
        case nvinfer1::PluginCapabilityType::kRUNTIME: return static_cast<nvinfer1::IPluginV3OneRuntime *>(this);
        default: return static_cast<nvinfer1::IPluginV3OneCore *>(this);
        }
    }

    nvinfer1::IPluginV3 *clone() noexcept override {
        return new Plugin(definition);
    }

    /** Every execution context gets kernels of its own; TensorRT deletes the copy with the context. */
    nvinfer1::IPluginV3 *attachToContext(nvinfer1::IPluginResourceContext *) noexcept override {
        nvinfer1::IPluginV3 *copy = clone();
        if (copy != nullptr) static_cast<Plugin *>(copy)->kernels.load(definition.ptx);
        return copy;
    }

    char const *getPluginName() const noexcept override {
        return definition.name;
    }

    char const *getPluginVersion() const noexcept override {
        return definition.version;
    }

    char const *getPluginNamespace() const noexcept override {
        return "";
    }

    int32_t configurePlugin(nvinfer1::DynamicPluginTensorDesc const *, int32_t,
                            nvinfer1::DynamicPluginTensorDesc const *, int32_t) noexcept override {
        return 0;
    }

    int32_t getNbOutputs() const noexcept override {
        return 2;
    }

    int32_t getOutputDataTypes(nvinfer1::DataType *outputs, int32_t, nvinfer1::DataType const *inputs,
                               int32_t) const noexcept override {
        outputs[0] = outputs[1] = inputs[0];
        return 0;
    }

    int32_t getOutputShapes(nvinfer1::DimsExprs const *inputs, int32_t count, nvinfer1::DimsExprs const *, int32_t,
                            nvinfer1::DimsExprs *outputs, int32_t, nvinfer1::IExprBuilder &) noexcept override {
        if (count != 2 || inputs[0].nbDims != inputs[1].nbDims) return -1;
        outputs[0] = outputs[1] = inputs[0];
        return 0;
    }

    bool supportsFormatCombination(int32_t position, nvinfer1::DynamicPluginTensorDesc const *tensors, int32_t,
                                   int32_t) noexcept override {
        nvinfer1::PluginTensorDesc const &tensor = tensors[position].desc;
        bool const known = tensor.type == nvinfer1::DataType::kFLOAT || tensor.type == nvinfer1::DataType::kINT32;
        return known && tensor.format == nvinfer1::TensorFormat::kLINEAR && tensor.type == tensors[0].desc.type;
    }

    int32_t onShapeChange(nvinfer1::PluginTensorDesc const *inputs, int32_t, nvinfer1::PluginTensorDesc const *,
                          int32_t) noexcept override {
        return elements(inputs[0].dims) == elements(inputs[1].dims) ? 0 : -1;
    }

    int32_t enqueue(nvinfer1::PluginTensorDesc const *description, nvinfer1::PluginTensorDesc const *,
                    void const *const *inputs, void *const *outputs, void *,
                    cudaStream_t stream) noexcept override {
        return kernels.launch(definition.ptx, description[0].type == nvinfer1::DataType::kFLOAT, inputs, outputs,
                              elements(description[0].dims), stream);
    }

    nvinfer1::PluginFieldCollection const *getFieldsToSerialize() noexcept override {
        return &fields;
    }

protected:
    Definition const &definition;

private:
    static uint64_t elements(nvinfer1::Dims const &dims) {
        uint64_t count = 1;
        for (int32_t i = 0; i < dims.nbDims; i++) count *= static_cast<uint64_t>(dims.d[i]);
        return count;
    }

    Kernels kernels;
    nvinfer1::PluginFieldCollection fields{0, nullptr};
};

template <typename Made> class Creator : public nvinfer1::IPluginCreatorV3One {
public:
    explicit Creator(Definition const &what) : definition(what) {}

    nvinfer1::IPluginV3 *createPlugin(char const *, nvinfer1::PluginFieldCollection const *,
                                      nvinfer1::TensorRTPhase) noexcept override {
        return new Made(definition);
    }

    nvinfer1::PluginFieldCollection const *getFieldNames() noexcept override {
        return &fields;
    }

    char const *getPluginName() const noexcept override {
        return definition.name;
    }

    char const *getPluginVersion() const noexcept override {
        return definition.version;
    }

    char const *getPluginNamespace() const noexcept override {
        return "";
    }

private:
    Definition const &definition;
    nvinfer1::PluginFieldCollection fields{0, nullptr};
};

} // namespace elementwise

/* The start of the PTX: any GPU from compute capability 7.5 on. */
#define ELEMENTWISE_PTX ".version 6.3\n.target sm_75\n.address_size 64\n"

/*
 * One kernel in PTX: NAME is f32 or s32, REGISTERS declares what BODY needs of its own, and BODY makes sum and difference
 * of x and y, all of type NAME.
 */
#define ELEMENTWISE_KERNEL(NAME, REGISTERS, BODY)                                                                      \
    ".visible .entry " NAME "(.param .u64 pa, .param .u64 pb, .param .u64 psum, .param .u64 pdifference,\n"            \
    "    .param .u64 pcount)\n{\n"                                                                                     \
    ".reg .pred beyond;\n.reg .b32 block, size, thread;\n.reg .b64 index, offset, count, address;\n"                   \
    ".reg ." NAME " x, y, sum, difference;\n" REGISTERS "\n"                                                           \
    "mov.u32 block, %ctaid.x;\nmov.u32 size, %ntid.x;\nmov.u32 thread, %tid.x;\ncvt.u64.u32 index, thread;\n"          \
    "mad.wide.u32 index, block, size, index;\nld.param.u64 count, [pcount];\n"                                         \
    "setp.ge.u64 beyond, index, count;\n@beyond ret;\nshl.b64 offset, index, 2;\n"                                     \
    ELEMENTWISE_ADDRESS("pa") "ld.global." NAME " x, [address];\n"                                                     \
    ELEMENTWISE_ADDRESS("pb") "ld.global." NAME " y, [address];\n" BODY "\n"                                           \
    ELEMENTWISE_ADDRESS("psum") "st.global." NAME " [address], sum;\n"                                                 \
    ELEMENTWISE_ADDRESS("pdifference") "st.global." NAME " [address], difference;\nret;\n}\n"

#define ELEMENTWISE_ADDRESS(PARAMETER)                                                                                 \
    "ld.param.u64 address, [" PARAMETER "];\ncvta.to.global.u64 address, address;\nadd.u64 address, address, offset;\n"

/* The two functions that TensorRT calls, for a library with one plugin. */
#define ELEMENTWISE_ENTRY_POINTS(MADE, DEFINITION)                                                                     \
    nvinfer1::IPluginCreatorInterface *const *getCreators(int32_t &nbCreators) {                                       \
        static elementwise::Creator<MADE> creator{DEFINITION};                                                         \
        static nvinfer1::IPluginCreatorInterface *const creators[] = {&creator};                                       \
        nbCreators = 1;                                                                                                \
        return creators;                                                                                               \
    }                                                                                                                  \
    void setLoggerFinder(nvinfer1::ILoggerFinder *) {}

#endif
