// The op ExampleWindowSum: each element becomes the sum of itself and of the width - 1 elements before it.
#include "window_sum.h"

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace {

REGISTER_OP("ExampleWindowSum")
    .Attr("T: {float, int32}")
    .Attr("width: int >= 1 = 2")
    .Input("x: T")
    .Output("y: T")
    .SetShapeFn([](tensorflow::shape_inference::InferenceContext* context) {
      context->set_output(0, context->input(0));
      return tensorflow::Status();
    })
    .Doc("The sum of each element of a vector and of the width - 1 elements before it.");

// Runs on many threads at once with one kernel, which nobody changes.
template <typename T>
class WindowSumOp : public tensorflow::OpKernel {
 public:
  explicit WindowSumOp(tensorflow::OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("width", &width_));
  }

  void Compute(tensorflow::OpKernelContext* context) override {
    const tensorflow::Tensor& x = context->input(0);
    tensorflow::Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, x.shape(), &y));
    WindowSum(x.flat<T>().data(), y->flat<T>().data(), x.NumElements(), width_);
  }

 private:
  tensorflow::int64 width_;
};

REGISTER_KERNEL_BUILDER(Name("ExampleWindowSum").Device(tensorflow::DEVICE_CPU).TypeConstraint<float>("T"),
                        WindowSumOp<float>);
REGISTER_KERNEL_BUILDER(Name("ExampleWindowSum").Device(tensorflow::DEVICE_CPU).TypeConstraint<tensorflow::int32>("T"),
                        WindowSumOp<tensorflow::int32>);

}  // namespace
