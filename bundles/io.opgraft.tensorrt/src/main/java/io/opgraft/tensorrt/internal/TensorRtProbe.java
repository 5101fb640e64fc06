package io.opgraft.tensorrt.internal;

import io.opgraft.elf.ElfException;
import io.opgraft.elf.SystemFolders;
import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges plugin libraries for TensorRT: reads them, and loads them in processes of their own. Works without a GPU and a
 * driver; without TensorRT it cannot load those that need it by name.
 */
@Component(configurationPid = "io.opgraft.tensorrt", property = "opgraft.backend=tensorrt")
public final class TensorRtProbe implements LibraryProbe {
    private static final Logger LOG = LoggerFactory.getLogger(TensorRtProbe.class);
    private static final String ABSENT = "absent";

    private final Settings settings;
    private ProbeProgram program;
    /** What the program is told to load as TensorRT; empty if there is none. */
    private String tensorRt;

    private String version;
    private String absence = "";

    /**
     * Called by the component runtime.
     *
     * @param context of this bundle; the framework property {@code opgraft.data} names the data directory
     * @param configuration see there
     */
    @Activate
    public TensorRtProbe(BundleContext context, TensorRtConfiguration configuration) {
        this(Settings.of(context, configuration));
    }

    TensorRtProbe(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String framework() {
        return "tensorrt";
    }

    /** With a checksum of the program that makes the trial, so that a better one asks again. */
    @Override
    public synchronized String environment() throws IOException {
        start();
        CRC32 crc = new CRC32();
        try (InputStream in = Natives.find(Natives.PROBE).openStream()) {
            crc.update(in.readAllBytes());
        }
        boolean cudart = server().stream().anyMatch(file -> file.endsWith(TensorRtFiles.CUDART))
                || SystemFolders.find(TensorRtFiles.CUDART) != null;
        return "TensorRT " + version + (cudart ? "" : " without " + TensorRtFiles.CUDART) + " linux-x86_64 probe "
                + Long.toHexString(crc.getValue());
    }

    private TensorRtFiles files() {
        try {
            return TensorRtFiles.find(settings);
        } catch (IOException e) {
            absence = e.getMessage();
            return null;
        }
    }

    /** Libraries of TensorRT and CUDA that are known by path. */
    private Set<Path> server() {
        Set<Path> found = new LinkedHashSet<>();
        TensorRtFiles files = files();
        if (files != null) {
            Path nvinfer = files.byName() ? SystemFolders.find(TensorRtFiles.NVINFER) : files.nvinfer();
            Path cudart = files.cudart() == null ? SystemFolders.find(TensorRtFiles.CUDART) : files.cudart();
            if (nvinfer != null) {
                found.add(nvinfer);
            }
            if (cudart != null) {
                found.add(cudart);
            }
        }
        return found;
    }

    /** Unpacks the program and lets it say which TensorRT there is. */
    private void start() throws IOException {
        if (program == null) {
            program = new ProbeProgram(settings.scratch(), server(), settings.probeMillis());
        }
        if (tensorRt == null) {
            TensorRtFiles files = files();
            String name = files == null ? "" : files.nvinfer().toString();
            Trial trial = program.run(name, null, null);
            List<String> faults = Trial.texts(trial.first(), 'F');
            List<String> versions = Trial.texts(trial.first(), 'R');
            boolean there =
                    faults.isEmpty() && !versions.isEmpty() && !versions.get(0).equals(ABSENT);
            tensorRt = there ? name : "";
            version = there ? TensorRt.version(Integer.parseInt(versions.get(0))) : ABSENT;
            if (!there && absence.isEmpty()) {
                absence = "TensorRT is not found: " + (faults.isEmpty() ? "it " + trial.ending() : faults.get(0));
            }
        }
    }

    @Override
    public synchronized List<Finding> lint(LibraryFiles files) throws IOException {
        return Lint.of(files, server());
    }

    @Override
    public ProbeReport probe(LibraryFiles files, LibraryFiles twin) throws ProbeException, IOException {
        ProbeProgram ready;
        String loaded;
        synchronized (this) {
            start();
            ready = program;
            loaded = tensorRt;
            if (loaded.isEmpty() && needsTensorRt(files)) {
                throw new IOException("it needs " + TensorRtFiles.NVINFER + ", and " + absence);
            }
        }
        ProbeReport report = TrialReport.of(ready.run(loaded, files, twin), files);
        LOG.debug("Loaded {} on trial in {} ms", files.library().getFileName(), report.millis());
        return report;
    }

    private static boolean needsTensorRt(LibraryFiles files) throws IOException {
        try {
            return Linked.read(files).needs(TensorRtFiles.NVINFER);
        } catch (ElfException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Deletes what was unpacked. */
    @Deactivate
    synchronized void stop() {
        try {
            if (program != null) {
                program.close();
            }
        } catch (IOException e) {
            LOG.warn("Files of the probe stay behind: {}", e.getMessage());
        }
    }
}
