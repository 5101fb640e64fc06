import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiles the native parts of the TensorRT backend, which needs neither CUDA nor TensorRT, and lays the presets' entry
 * points beside them. Run by Maven as a single-file program.
 */
public final class BuildNatives {
    private static final List<String> COMMON = List.of("-O2", "-g0", "-Wall", "-Wextra", "-Werror", "-ffunction-sections");
    private static final List<String> LINK =
            List.of("-Wl,-z,now", "-Wl,-z,relro", "-Wl,--no-undefined", "-Wl,--build-id=none", "-Wl,--gc-sections");

    private BuildNatives() {}

    public static void main(String[] args) throws Exception {
        Path sources = Path.of(args[0]);
        Path target = Path.of(args[1]);
        Path objects = Files.createDirectories(Path.of(args[2]));
        Files.createDirectories(target.resolve("stub"));
        try (Stream<Path> files = Files.walk(Path.of(args[3]))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path headers = Path.of(System.getProperty("java.home"), "include");
        List<String> jni = List.of("-fPIC", "-fvisibility=hidden", "-I" + headers, "-I" + headers.resolve("linux"));
        List<String> shared = compile(sources, objects, "library", jni);
        link("the TensorRT shim", shared, List.of("-shared"), target.resolve("libopgraft_tensorrt.so"));
        List<String> program = new ArrayList<>(compile(sources.resolve("probe"), objects, "program", List.of("-fPIE")));
        program.addAll(compileSome(sources, objects, "common", List.of("-fPIE"), List.of("creators.cc", "log.cc", "cuda.c")));
        link("the probe", program, List.of("-pie"), target.resolve("opgraft-tensorrt-probe"));
        List<String> stub = compile(sources.resolve("stub"), objects, "stub", List.of("-fPIC"));
        link("the stub", stub, List.of("-shared", "-Wl,-soname,libcuda.so.1"), target.resolve("stub/libcuda.so.1"));
    }

    private static List<String> compile(Path sources, Path objects, String kind, List<String> options)
            throws Exception {
        try (Stream<Path> files = Files.list(sources)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".c") || name.endsWith(".cc"))
                    .sorted()
                    .toList();
            return compileSome(sources, objects, kind, options, names);
        }
    }

    private static List<String> compileSome(
            Path sources, Path objects, String kind, List<String> options, List<String> names) throws Exception {
        List<String> made = new ArrayList<>();
        for (String name : names) {
            boolean cpp = name.endsWith(".cc");
            String object = objects.resolve(kind + "-" + name + ".o").toString();
            List<String> command = new ArrayList<>(List.of(cpp ? cxx() : cc(), cpp ? "-std=c++17" : "-std=gnu11"));
            command.addAll(COMMON);
            command.addAll(options);
            command.addAll(List.of("-c", "-o", object, sources.resolve(name).toString()));
            run(command, name);
            made.add(object);
        }
        return made;
    }

    private static void link(String what, List<String> objects, List<String> options, Path target) throws Exception {
        List<String> command = new ArrayList<>(List.of(cxx()));
        command.addAll(options);
        command.addAll(LINK);
        command.addAll(List.of("-o", target.toString()));
        command.addAll(objects);
        command.addAll(List.of("-Wl,--as-needed", "-ldl", "-lpthread"));
        run(command, what);
    }

    private static String cc() {
        return System.getenv().getOrDefault("CC", "gcc");
    }

    private static String cxx() {
        return System.getenv().getOrDefault("CXX", "g++");
    }

    private static void run(List<String> command, String what) throws Exception {
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                fail(command.get(0) + " could not make " + what + "; its messages are above.");
            }
        } catch (IOException e) {
            fail("There is no compiler '" + command.get(0) + "': install GCC (packages gcc and g++), or name other"
                    + " compilers in the environment variables CC and CXX.");
        }
    }

    private static void fail(String message) {
        System.err.println("[ERROR] " + message);
        System.exit(1);
    }
}
