package io.opgraft.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A {@link CallTrial} in a process of its own. */
final class CallProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader reader;
    private final Writer writer;
    private final Path log;

    /** Starts it over a model repository, with the flags that the product gives to Java. */
    CallProcess(Path home, Path work, Path repository) throws IOException {
        Path storage = Files.createDirectories(work.resolve("calls"));
        log = storage.resolve("log.txt");
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlogback.configurationFile=" + home.resolve("conf/logback.xml"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CallTrial.class.getName(),
                        storage.toString(),
                        home.toString(),
                        repository.toString()))
                .redirectError(log.toFile())
                .start();
        reader = process.inputReader(StandardCharsets.US_ASCII);
        writer = process.outputWriter(StandardCharsets.US_ASCII);
        if (!CallTrial.READY.equals(line())) {
            throw new IOException("the calls cannot be made: " + Files.readString(log));
        }
    }

    /**
     * What some seconds of calls showed.
     *
     * @param rate calls per second, of all threads
     * @param p50Micros median time of a call
     * @param p99Micros its 99th percentile
     * @param cpuMicros processor time of the whole process for each call
     */
    record Result(double rate, double p50Micros, double p99Micros, double cpuMicros) {}

    /** Calls a model without a pause. */
    Result run(String side, String model, long[] shape, int threads, double seconds) throws IOException {
        double[] figures = Arrays.stream(
                        ask(side, model, shape, threads, seconds).split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Result(figures[0], figures[1], figures[2], figures[3]);
    }

    /** Calls it once, as soon as it is ready. */
    float[] once(String side, String model, long[] shape) throws IOException {
        String[] words = ask(side, model, shape, 1, 0).split(" ", -1);
        float[] answer = new float[words.length];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = Float.parseFloat(words[i]);
        }
        return answer;
    }

    private String ask(String side, String model, long[] shape, int threads, double seconds) throws IOException {
        writer.write(side + " " + model + " " + threads + " " + seconds + " "
                + Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" ")) + "\n");
        writer.flush();
        return line();
    }

    private String line() throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the calls broke off: " + Files.readString(log));
        }
        return line;
    }

    @Override
    public void close() {
        try {
            writer.close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
