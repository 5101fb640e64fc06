package io.opgraft.ops.internal;

import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import io.opgraft.probe.ProbedKernel;
import io.opgraft.probe.ProbedOp;
import io.opgraft.probe.Registration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A framework that says what the test wants. */
class FakeProbe implements LibraryProbe {
    final List<LibraryFiles> probed = Collections.synchronizedList(new ArrayList<>());
    final List<LibraryFiles> twins = Collections.synchronizedList(new ArrayList<>());
    volatile String environment = "fake 1";
    volatile List<Finding> findings = List.of();
    volatile List<String> ops = List.of("AddSub");
    volatile List<Registration> more = List.of();
    volatile String secondLoad = "";
    volatile Exception failure;
    /** Trials wait for it if it is there. */
    volatile CountDownLatch gate;
    /** Who asks for the environment waits for it if it is there. */
    volatile CountDownLatch environmentGate;

    @Override
    public String framework() {
        return "tensorflow";
    }

    @Override
    public String environment() throws IOException {
        await(environmentGate);
        return environment;
    }

    private static void await(CountDownLatch wait) throws IOException {
        try {
            if (wait != null && !wait.await(60, TimeUnit.SECONDS)) {
                throw new IOException("the test forgot the gate");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public List<Finding> lint(LibraryFiles files) throws IOException {
        return findings;
    }

    List<String> ops(LibraryFiles files) {
        return ops;
    }

    @Override
    public ProbeReport probe(LibraryFiles files, LibraryFiles twin) throws ProbeException, IOException {
        probed.add(files);
        twins.add(twin);
        await(gate);
        if (failure instanceof ProbeException e) {
            throw e;
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        List<ProbedOp> found = new ArrayList<>();
        List<Registration> registrations = new ArrayList<>();
        for (String op : ops(files)) {
            found.add(new ProbedOp(
                    op, "(x: T) -> y: T", List.of(new ProbedKernel("CPU", Map.of("T", List.of("float")))), new byte[] {
                        1, -2
                    }));
            registrations.add(new Registration("op", op, Registration.Reach.SCOPE));
        }
        registrations.addAll(more);
        return new ProbeReport(found, registrations, secondLoad, "hello", 12);
    }
}
