package io.opgraft.tensorrt.internal;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;

/**
 * An input or output of a plan.
 *
 * @param name its name
 * @param input whether it is an input
 * @param datatype null if the protocol has none for it
 * @param shape with open dimensions
 * @param plain whether it lies on the device, row by row, and is no shape
 */
record EngineTensor(String name, boolean input, DataType datatype, Shape shape, boolean plain) {}
