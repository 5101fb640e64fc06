package io.opgraft.tensorflow.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Undefined symbols that tell what a library registers for the whole process, under names that no prefix can be put on.
 * Only a trial load tells the names.
 */
final class ProcessWide {
    private static final Map<RegistrationKind, List<String>> SYMBOLS = new EnumMap<>(RegistrationKind.class);

    static {
        SYMBOLS.put(
                RegistrationKind.PROTOBUF_FILE,
                List.of("24InternalAddGeneratedFile", "14AddDescriptorsE", "20AddDescriptorsRunnerC"));
        SYMBOLS.put(
                RegistrationKind.FILE_SYSTEM,
                List.of(
                        "_ZTIN3tsl10FileSystemE",
                        "_ZTIN10tensorflow10FileSystemE",
                        "18RegisterFileSystem",
                        "TF_RegisterFilesystemPlugin"));
        SYMBOLS.put(RegistrationKind.DEVICE, List.of("13DeviceFactory8Register"));
        SYMBOLS.put(RegistrationKind.SESSION, List.of("14SessionFactory8Register"));
        SYMBOLS.put(RegistrationKind.SERVER, List.of("13ServerFactory8Register"));
        SYMBOLS.put(RegistrationKind.COLLECTIVE, List.of("18CollectiveRegistry8Register"));
        SYMBOLS.put(
                RegistrationKind.GRAPH_PASS,
                List.of("24OptimizationPassRegistry8Register", "28MlirOptimizationPassRegistry6Global"));
        SYMBOLS.put(RegistrationKind.ALLOCATOR, List.of("24AllocatorFactoryRegistry8Register"));
        SYMBOLS.put(RegistrationKind.COST, List.of("23RegisterCostMeasurement"));
        SYMBOLS.put(RegistrationKind.EXPERIMENT, List.of("25DatasetExperimentRegistry8Register"));
        SYMBOLS.put(RegistrationKind.CUSTOM_CALL, List.of("24CustomCallTargetRegistry8Register"));
        SYMBOLS.put(RegistrationKind.XLA_BACKEND, List.of("13XlaOpRegistry15RegisterBackend"));
    }

    private ProcessWide() {}

    /** The kinds that some symbols tell of, each with one symbol that does. */
    static Map<RegistrationKind, String> kinds(Collection<String> asked) {
        Map<RegistrationKind, String> found = new EnumMap<>(RegistrationKind.class);
        SYMBOLS.forEach((kind, parts) -> asked.stream()
                .filter(symbol -> parts.stream().anyMatch(symbol::contains))
                .findFirst()
                .ifPresent(symbol -> found.put(kind, symbol)));
        return found;
    }

    /** Lines for the op-scope library that hold all names of these kinds, for a library that was never tried. */
    static List<String> claims(Collection<String> asked) {
        List<String> lines = new ArrayList<>();
        kinds(asked).keySet().forEach(kind -> lines.add(kind.line(RegistrationKind.ANY)));
        return lines;
    }
}
