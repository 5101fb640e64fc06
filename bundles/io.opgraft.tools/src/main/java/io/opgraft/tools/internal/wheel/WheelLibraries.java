package io.opgraft.tools.internal.wheel;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.ElfFile;
import io.opgraft.elf.ElfSymbol;
import io.opgraft.tools.internal.judge.Judge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the native libraries of a wheel are, by their files alone.
 *
 * @param candidates libraries that use the framework, and so may register ops
 * @param modules modules for Python's own interpreter, which a server does not have
 * @param others libraries that do not use the framework: helpers, if something needs them
 */
public record WheelLibraries(List<Judge.Named> candidates, List<String> modules, List<String> others) {
    private static final Pattern PYTHON = Pattern.compile("_?Py[A-Z_]\\w+");
    private static final Map<String, Pattern> USES =
            Map.of("tensorflow", Pattern.compile("TF_\\w+|_Z.*10tensorflow.*"));

    /** Takes copies. */
    public WheelLibraries {
        candidates = List.copyOf(candidates);
        modules = List.copyOf(modules);
        others = List.copyOf(others);
    }

    /**
     * Sorts the libraries.
     *
     * @param wheel the wheel
     * @param framework framework whose ops are wanted
     * @return in the order of their paths
     * @throws IOException if a file cannot be read
     */
    public static WheelLibraries of(Wheel wheel, String framework) throws IOException {
        List<Judge.Named> candidates = new ArrayList<>();
        List<String> modules = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Map.Entry<String, Path> file : wheel.files().entrySet()) {
            if (!ElfFile.isElf(file.getValue())) {
                continue;
            }
            switch (kind(file.getValue(), framework)) {
                case CANDIDATE -> candidates.add(new Judge.Named(file.getKey(), file.getValue()));
                case MODULE -> modules.add(file.getKey());
                default -> others.add(file.getKey());
            }
        }
        return new WheelLibraries(candidates, modules, others);
    }

    private enum Kind {
        CANDIDATE,
        MODULE,
        OTHER
    }

    private static Kind kind(Path file, String framework) throws IOException {
        ElfFile elf;
        try {
            elf = ElfFile.read(file);
        } catch (ElfException e) {
            // A damaged one may have been an op library: whoever judges it says what is wrong.
            return Kind.CANDIDATE;
        }
        boolean uses = false;
        Pattern symbols = USES.get(framework);
        for (ElfSymbol symbol : elf.undefinedSymbols()) {
            if (PYTHON.matcher(symbol.name()).matches()) {
                return Kind.MODULE;
            }
            uses |= symbols == null || symbols.matcher(symbol.name()).matches();
        }
        return uses && elf.isSharedLibrary() ? Kind.CANDIDATE : Kind.OTHER;
    }
}
