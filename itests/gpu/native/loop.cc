/*
 * The floor: loop PLAN LIBRARY|- ITERATIONS [graph] runs a plan with batch 1 as directly as TensorRT allows: copies in from
 * pinned memory, enqueue, copies out, one wait; with "graph" the same as one CUDA graph. Each line on stdin starts a round
 * of ITERATIONS calls and is answered by one line: median and 99th percentile in microseconds.
 */
#include <NvInferRuntime.h>
#include <cuda_runtime_api.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
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

void check(cudaError_t error, char const *what) {
    if (error == cudaSuccess) return;
    std::fprintf(stderr, "%s: %s\n", what, cudaGetErrorString(error));
    std::exit(1);
}

void check(bool right, char const *what) {
    if (right) return;
    std::fprintf(stderr, "%s failed\n", what);
    std::exit(1);
}

struct Binding {
    void *host;
    void *device;
    size_t bytes;
    bool input;
};

size_t size(DataType type) {
    switch (type) {
    case DataType::kINT64: return 8;
    case DataType::kFLOAT:
    case DataType::kINT32: return 4;
    case DataType::kHALF:
    case DataType::kBF16: return 2;
    default: return 1;
    }
}

} // namespace

int main(int count, char **arguments) {
    if (count < 4) {
        std::fprintf(stderr, "usage: loop PLAN LIBRARY|- ITERATIONS [graph]\n");
        return 2;
    }
    int const iterations = std::atoi(arguments[3]);
    bool const asGraph = count > 4 && std::strcmp(arguments[4], "graph") == 0;

    Logger logger;
    std::unique_ptr<IRuntime> runtime(createInferRuntime(logger));
    check(runtime != nullptr, "createInferRuntime");
    if (std::strcmp(arguments[2], "-") != 0) {
        check(runtime->getPluginRegistry().loadLibrary(arguments[2]) != nullptr, "loadLibrary");
    }
    std::ifstream file(arguments[1], std::ios::binary);
    std::vector<char> const plan{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::unique_ptr<ICudaEngine> engine(runtime->deserializeCudaEngine(plan.data(), plan.size()));
    check(engine != nullptr, "deserializeCudaEngine");
    std::unique_ptr<IExecutionContext> context(engine->createExecutionContext());
    check(context != nullptr, "createExecutionContext");

    cudaStream_t stream;
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreate");
    std::vector<Binding> bindings;
    for (int32_t i = 0; i < engine->getNbIOTensors(); i++) {
        char const *name = engine->getIOTensorName(i);
        Dims dims = engine->getTensorShape(name);
        size_t bytes = size(engine->getTensorDataType(name));
        for (int32_t d = 0; d < dims.nbDims; d++) {
            if (dims.d[d] < 0) dims.d[d] = 1;
            bytes *= static_cast<size_t>(dims.d[d]);
        }
        Binding binding{nullptr, nullptr, bytes, engine->getTensorIOMode(name) == TensorIOMode::kINPUT};
        check(cudaMallocHost(&binding.host, bytes), "cudaMallocHost");
        std::memset(binding.host, 0, bytes);
        check(cudaMalloc(&binding.device, bytes), "cudaMalloc");
        if (binding.input) check(context->setInputShape(name, dims), "setInputShape");
        check(context->setTensorAddress(name, binding.device), "setTensorAddress");
        bindings.push_back(binding);
    }
    auto const submit = [&] {
        for (Binding const &b : bindings) {
            if (b.input) cudaMemcpyAsync(b.device, b.host, b.bytes, cudaMemcpyHostToDevice, stream);
        }
        check(context->enqueueV3(stream), "enqueueV3");
        for (Binding const &b : bindings) {
            if (!b.input) cudaMemcpyAsync(b.host, b.device, b.bytes, cudaMemcpyDeviceToHost, stream);
        }
    };
    submit();
    check(cudaStreamSynchronize(stream), "the first call");
    cudaGraphExec_t graph = nullptr;
    if (asGraph) {
        cudaGraph_t captured;
        check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
        submit();
        check(cudaStreamEndCapture(stream, &captured), "cudaStreamEndCapture");
        check(cudaGraphInstantiate(&graph, captured, 0), "cudaGraphInstantiate");
    }
    std::vector<double> times(static_cast<size_t>(iterations));
    std::printf("ready\n");
    std::fflush(stdout);
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
        if (c != '\n') continue;
        for (double &time : times) {
            auto const start = std::chrono::steady_clock::now();
            if (asGraph) {
                cudaGraphLaunch(graph, stream);
            } else {
                submit();
            }
            cudaStreamSynchronize(stream);
            time = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
        }
        check(cudaGetLastError(), "a call");
        std::sort(times.begin(), times.end());
        std::printf("%.2f %.2f\n", times[times.size() / 2], times[times.size() * 99 / 100]);
        std::fflush(stdout);
    }
    return 0;
}
