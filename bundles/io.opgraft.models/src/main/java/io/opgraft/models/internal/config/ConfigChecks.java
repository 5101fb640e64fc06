package io.opgraft.models.internal.config;

import io.opgraft.models.internal.proto.ModelConfigProto.ModelConfig;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelInput;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelOutput;
import io.opgraft.models.internal.proto.ModelConfigProto.ModelTensorReshape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the values that a configuration gives, as far as that can be done without the model. */
final class ConfigChecks {
    private final String model;

    private ConfigChecks(String model) {
        this.model = model;
    }

    static void check(String model, ModelConfig config) throws ConfigException {
        ConfigChecks checks = new ConfigChecks(model);
        checks.checkNumbers(config);
        checks.checkFileName(config.getDefaultModelFilename());
        checks.checkTensors(config);
    }

    private void checkNumbers(ModelConfig config) throws ConfigException {
        if (config.getMaxBatchSize() < 0) {
            throw error(
                    "max_batch_size",
                    ": field max_batch_size is " + config.getMaxBatchSize() + ", but must be 0 or more.",
                    "");
        }
        for (long version : config.getVersionPolicy().getSpecific().getVersionsList()) {
            if (version < 1) {
                throw error(
                        "version_policy.specific.versions",
                        ": field version_policy.specific.versions names " + version + ", but versions start at 1.",
                        "");
            }
        }
    }

    private void checkFileName(String name) throws ConfigException {
        boolean leaves = name.indexOf('\0') >= 0
                || name.startsWith("/")
                || List.of(name.split("/", -1)).contains("..");
        if (leaves) {
            throw error(
                    "default_model_filename",
                    ": field default_model_filename is \"" + name + "\", which leaves the version folder.",
                    "Name a file in it.");
        }
    }

    private void checkTensors(ModelConfig config) throws ConfigException {
        Set<String> seen = new HashSet<>();
        for (ModelInput input : config.getInputList()) {
            checkTensor("input", input.getName(), input.getDimsList(), seen);
            if (input.hasReshape()) {
                checkReshape("input", input.getName(), input.getDimsList(), input.getReshape());
            }
        }
        seen.clear();
        for (ModelOutput output : config.getOutputList()) {
            checkTensor("output", output.getName(), output.getDimsList(), seen);
            if (output.hasReshape()) {
                checkReshape("output", output.getName(), output.getDimsList(), output.getReshape());
            }
        }
    }

    private void checkTensor(String field, String name, List<Long> dims, Set<String> seen) throws ConfigException {
        if (name.isEmpty()) {
            throw error(field + ".name", ": an " + field + " has no name.", "Add the field name.");
        }
        if (!seen.add(name)) {
            throw error(field + ".name", ": " + field + " \"" + name + "\" is declared twice.", "Remove one of them.");
        }
        for (long dim : dims) {
            if (dim < 1 && dim != -1) {
                throw error(
                        field + ".dims",
                        ": field dims of " + field + " \"" + name + "\" has " + dim
                                + ", but a dimension is 1 or more, or -1 for any size.",
                        "");
            }
        }
    }

    /** Both forms must hold the same elements: between two open dimensions, and at the ends, the products are equal. */
    private void checkReshape(String field, String name, List<Long> dims, ModelTensorReshape reshape)
            throws ConfigException {
        checkTensor(field, name, reshape.getShapeList(), new HashSet<>());
        if (dims.isEmpty()) {
            throw error(
                    field + ".dims",
                    ": " + field + " \"" + name + "\" has a reshape but no dims.",
                    "Write the dims that requests have.");
        }
        if (!products(dims).equals(products(reshape.getShapeList()))) {
            throw error(
                    field + ".reshape",
                    ": field reshape of " + field + " \"" + name + "\" is " + reshape.getShapeList()
                            + ", which does not hold the same elements as dims " + dims + ".",
                    "");
        }
    }

    private static List<BigInteger> products(List<Long> dims) {
        List<BigInteger> products = new ArrayList<>(List.of(BigInteger.ONE));
        for (long dim : dims) {
            if (dim < 0) {
                products.add(BigInteger.ONE);
            } else {
                products.set(
                        products.size() - 1, products.get(products.size() - 1).multiply(BigInteger.valueOf(dim)));
            }
        }
        return products;
    }

    private ConfigException error(String field, String rest, String remedy) {
        return new ConfigException(field, DeclaredConfig.subject(model) + rest, remedy);
    }
}
