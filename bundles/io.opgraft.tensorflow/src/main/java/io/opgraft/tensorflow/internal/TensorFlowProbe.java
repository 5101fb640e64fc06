package io.opgraft.tensorflow.internal;

import io.opgraft.probe.Finding;
import io.opgraft.probe.LibraryFiles;
import io.opgraft.probe.LibraryProbe;
import io.opgraft.probe.ProbeException;
import io.opgraft.probe.ProbeReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges op libraries for TensorFlow: reads them, and loads them in processes of their own. */
@Component(configurationPid = "io.opgraft.tensorflow", property = "opgraft.backend=tensorflow")
public final class TensorFlowProbe implements LibraryProbe {
    private static final Logger LOG = LoggerFactory.getLogger(TensorFlowProbe.class);

    private final Path cache;
    private final Path scratch;
    private final long millis;
    private ProbeProgram program;
    private String environment;

    /**
     * Called by the component runtime.
     *
     * @param context of this bundle; the framework property {@code opgraft.data} names the data directory
     * @param configuration see there
     */
    @Activate
    public TensorFlowProbe(BundleContext context, TensorFlowConfiguration configuration) {
        this(Settings.of(context, configuration), configuration.probeMillis());
    }

    TensorFlowProbe(Settings settings, long millis) {
        this.cache = settings.nativeCache();
        this.scratch = settings.scratch();
        this.millis = millis;
    }

    @Override
    public String framework() {
        return "tensorflow";
    }

    /** With a checksum of the natives that make the trial, so that better ones ask again. */
    @Override
    public synchronized String environment() throws IOException {
        if (environment == null) {
            NativeFiles natives = natives();
            CRC32 crc = new CRC32();
            for (var url : List.of(natives.shim(), natives.probe())) {
                try (InputStream in = url.openStream()) {
                    crc.update(in.readAllBytes());
                }
            }
            environment = "TensorFlow " + natives.version() + " linux-x86_64 probe " + Long.toHexString(crc.getValue());
        }
        return environment;
    }

    private static NativeFiles natives() throws IOException {
        return NativeFiles.find(TensorFlowProbe.class.getClassLoader());
    }

    @Override
    public List<Finding> lint(LibraryFiles files) throws IOException {
        TensorFlow.start(cache, scratch);
        return Lint.of(files);
    }

    @Override
    public ProbeReport probe(LibraryFiles files, LibraryFiles twin) throws ProbeException, IOException {
        ProbeReport report = TrialReport.of(program().run(files, twin), files);
        LOG.debug("Loaded {} on trial in {} ms", files.library().getFileName(), report.millis());
        return report;
    }

    private synchronized ProbeProgram program() throws IOException {
        if (program == null) {
            program = new ProbeProgram(natives(), cache, scratch, millis);
        }
        return program;
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
