/*
 * Builds the plans of the tests, in a process of its own: plans OUTPUT_FOLDER ADDSUB_LIBRARY SCALE_LIBRARY.
 * The libraries are only asked for the plugins' shapes; which library computes is decided when a plan is served.
 * Prints one line for each plan; a plan that this GPU or this TensorRT cannot build is said and left out.
 */
#include <NvInfer.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace nvinfer1;

namespace {

class Logger : public ILogger {
public:
    void log(Severity severity, char const *message) noexcept override {
        if (severity <= Severity::kERROR) std::fprintf(stderr, "TensorRT: %s\n", message);
    }
};

Logger logger;

template <typename T> using Owned = std::unique_ptr<T>;

struct Job {
    IBuilder &builder;
    INetworkDefinition &network;
    IBuilderConfig &config;

    /** A range of batch sizes for all inputs, as one optimization profile. */
    void profile(std::vector<std::pair<char const *, Dims>> const &inputs, int64_t smallest, int64_t best,
                 int64_t largest) {
        IOptimizationProfile *range = builder.createOptimizationProfile();
        for (auto const &[name, dims] : inputs) {
            Dims sized = dims;
            sized.d[0] = smallest;
            range->setDimensions(name, OptProfileSelector::kMIN, sized);
            sized.d[0] = best;
            range->setDimensions(name, OptProfileSelector::kOPT, sized);
            sized.d[0] = largest;
            range->setDimensions(name, OptProfileSelector::kMAX, sized);
        }
        config.addOptimizationProfile(range);
    }

    void output(ITensor &tensor, char const *name, DataType type) {
        tensor.setName(name);
        network.markOutput(tensor);
        tensor.setType(type);
    }
};

/** One builder for all plans, since making one takes seconds. */
struct Plans {
    IBuilder &builder;
    std::string folder;

    /** Builds a plan; with libraries to carry, their code goes into it. */
    void build(std::string const &name, std::function<bool(Job &)> const &define,
               std::vector<std::string> const &carried = {}) {
        Owned<INetworkDefinition> network(builder.createNetworkV2(0));
        Owned<IBuilderConfig> config(builder.createBuilderConfig());
        if (!carried.empty()) {
            std::vector<char const *> paths;
            for (std::string const &library : carried) paths.push_back(library.c_str());
            config->setFlag(BuilderFlag::kVERSION_COMPATIBLE);
            config->setFlag(BuilderFlag::kEXCLUDE_LEAN_RUNTIME);
            config->setPluginsToSerialize(paths.data(), static_cast<int32_t>(paths.size()));
        }
        Job job{builder, *network, *config};
        Owned<IHostMemory> plan;
        if (define(job)) plan.reset(builder.buildSerializedNetwork(*network, *config));
        if (!plan) {
            std::printf("%s: not built\n", name.c_str());
            return;
        }
        std::ofstream(folder + "/" + name + ".plan", std::ios::binary)
            .write(static_cast<char const *>(plan->data()), static_cast<std::streamsize>(plan->size()));
        std::printf("%s: %zu bytes\n", name.c_str(), plan->size());
        std::fflush(stdout);
    }
};

/** One layer of a plugin without fields. */
IPluginV3Layer *plugin(Job &job, char const *name, char const *space, ITensor &a, ITensor &b) {
    auto *creator = static_cast<IPluginCreatorV3One *>(job.builder.getPluginRegistry().getCreator(name, "1", space));
    if (creator == nullptr) return nullptr;
    PluginFieldCollection const fields{0, nullptr};
    Owned<IPluginV3> made(creator->createPlugin(name, &fields, TensorRTPhase::kBUILD));
    ITensor *inputs[] = {&a, &b};
    return made ? job.network.addPluginV3(inputs, 2, nullptr, 0, *made) : nullptr;
}

/** INPUT0, INPUT1 -> plugin -> OUTPUT0, OUTPUT1, with the batch sizes of each profile. */
bool pair(Job &job, DataType type, int64_t width, char const *name, char const *space,
          std::vector<std::vector<int64_t>> const &profiles) {
    Dims const dims = Dims2(-1, width);
    ITensor *a = job.network.addInput("INPUT0", type, dims);
    ITensor *b = job.network.addInput("INPUT1", type, dims);
    IPluginV3Layer *layer = plugin(job, name, space, *a, *b);
    if (layer == nullptr) return false;
    job.output(*layer->getOutput(0), "OUTPUT0", type);
    job.output(*layer->getOutput(1), "OUTPUT1", type);
    for (auto const &batch : profiles) job.profile({{"INPUT0", dims}, {"INPUT1", dims}}, batch[0], batch[1], batch[2]);
    return true;
}

/** Two plugins behind each other, from two libraries. */
bool chain(Job &job) {
    Dims const dims = Dims2(-1, 16);
    ITensor *a = job.network.addInput("INPUT0", DataType::kFLOAT, dims);
    ITensor *b = job.network.addInput("INPUT1", DataType::kFLOAT, dims);
    IPluginV3Layer *first = plugin(job, "TRTISExampleAddSub", "", *a, *b);
    if (first == nullptr) return false;
    IPluginV3Layer *second = plugin(job, "FixtureAddSub", "", *first->getOutput(0), *first->getOutput(1));
    if (second == nullptr) return false;
    job.output(*second->getOutput(0), "OUTPUT0", DataType::kFLOAT);
    job.output(*second->getOutput(1), "OUTPUT1", DataType::kFLOAT);
    job.profile({{"INPUT0", dims}, {"INPUT1", dims}}, 1, 8, 64);
    return true;
}

/** The input comes out again, so every datatype can be compared bit by bit. */
bool identity(Job &job, DataType type) {
    Dims const dims = Dims2(-1, 16);
    ITensor *input = job.network.addInput("INPUT0", type, dims);
    ITensor *result;
    if (type == DataType::kUINT8) {
        /* UINT8 exists at the edges only. */
        ITensor *wide = job.network.addCast(*input, DataType::kFLOAT)->getOutput(0);
        result = job.network.addCast(*wide, DataType::kUINT8)->getOutput(0);
    } else {
        result = job.network.addIdentity(*input)->getOutput(0);
    }
    if (type == DataType::kINT8) {
        input->setDynamicRange(-127, 127);
        result->setDynamicRange(-127, 127);
        job.config.setFlag(BuilderFlag::kINT8);
    }
    if (type == DataType::kHALF) job.config.setFlag(BuilderFlag::kFP16);
    if (type == DataType::kBF16) job.config.setFlag(BuilderFlag::kBF16);
    job.output(*result, "OUTPUT0", type);
    job.profile({{"INPUT0", dims}}, 1, 8, 64);
    return true;
}

/** Weights that live as long as the program and are the same in each run. */
Weights weights(size_t count) {
    static std::vector<std::unique_ptr<std::vector<float>>> kept;
    kept.push_back(std::make_unique<std::vector<float>>(count));
    uint32_t state = 12345;
    for (float &value : *kept.back()) {
        state = state * 1664525 + 1013904223;
        value = (static_cast<float>(state >> 8) / (1 << 24) - 0.5f) * 0.1f;
    }
    return Weights{DataType::kFLOAT, kept.back()->data(), static_cast<int64_t>(count)};
}

/** Eight convolutions on 3 x 64 x 64, ten numbers out. */
bool convolutions(Job &job) {
    Dims const dims = Dims4(-1, 3, 64, 64);
    ITensor *flow = job.network.addInput("INPUT0", DataType::kFLOAT, dims);
    int64_t channels = 3;
    for (int64_t next : {32, 32, 64, 64, 128, 128, 128, 128}) {
        IConvolutionLayer *layer = job.network.addConvolutionNd(
            *flow, next, DimsHW(3, 3), weights(static_cast<size_t>(next * channels * 9)),
            weights(static_cast<size_t>(next)));
        layer->setPaddingNd(DimsHW(1, 1));
        layer->setStrideNd(next != channels && channels > 3 ? DimsHW(2, 2) : DimsHW(1, 1));
        flow = job.network.addActivation(*layer->getOutput(0), ActivationType::kRELU)->getOutput(0);
        channels = next;
    }
    IConvolutionLayer *last = job.network.addConvolutionNd(*flow, 10, DimsHW(16, 16), weights(10 * 128 * 256), weights(10));
    job.output(*last->getOutput(0), "OUTPUT0", DataType::kFLOAT);
    job.profile({{"INPUT0", dims}}, 1, 8, 64);
    return true;
}

} // namespace

int main(int count, char **arguments) {
    if (count != 4) {
        std::fprintf(stderr, "usage: plans OUTPUT_FOLDER ADDSUB_LIBRARY SCALE_LIBRARY\n");
        return 2;
    }
    std::string const addSub = arguments[2], scale = arguments[3];
    Owned<IBuilder> builder(createInferBuilder(logger));
    if (!builder) {
        std::fprintf(stderr, "TensorRT has no builder here\n");
        return 1;
    }
    for (std::string const &library : {addSub, scale}) {
        if (builder->getPluginRegistry().loadLibrary(library.c_str()) == nullptr) {
            std::fprintf(stderr, "%s: not loaded\n", library.c_str());
            return 1;
        }
    }
    Plans plans{*builder, arguments[1]};
    std::vector<std::vector<int64_t>> const one = {{1, 8, 64}};
    auto const addSubOf = [&](DataType type, int64_t width) {
        return [=](Job &job) { return pair(job, type, width, "TRTISExampleAddSub", "", one); };
    };
    auto const scaled = [&](Job &job) { return pair(job, DataType::kFLOAT, 16, "FixtureAddSub", "", one); };
    plans.build("addsub", addSubOf(DataType::kINT32, 16));
    plans.build("addsub_4k", addSubOf(DataType::kFLOAT, 1024));
    plans.build("scale", scaled);
    plans.build("profiles", [](Job &job) {
        return pair(job, DataType::kINT32, 16, "TRTISExampleAddSub", "", {{1, 4, 8}, {9, 16, 64}});
    });
    plans.build("chain", chain);
    plans.build("conv", convolutions);
    std::vector<std::pair<char const *, DataType>> const types = {
        {"FP32", DataType::kFLOAT}, {"FP16", DataType::kHALF},  {"BF16", DataType::kBF16}, {"INT8", DataType::kINT8},
        {"INT32", DataType::kINT32}, {"INT64", DataType::kINT64}, {"BOOL", DataType::kBOOL}, {"UINT8", DataType::kUINT8}};
    for (auto const &[name, type] : types) {
        plans.build(std::string("identity_") + name, [type = type](Job &job) { return identity(job, type); });
    }
    plans.build("carries_code", scaled, {scale});
    return 0;
}
