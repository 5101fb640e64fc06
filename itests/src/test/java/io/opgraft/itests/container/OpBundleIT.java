package io.opgraft.itests.container;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.opgraft.op.OpFile;
import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpIndex;
import io.opgraft.ops.OpProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/** Op bundles in the container: services, versions side by side, and their way through the op index. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OpBundleIT {
    private static final String OP = "TRTISExampleAddSub";
    private static final String ADDSUB = "io.opgraft.example.addsub";

    @Inject
    private BundleContext context;

    @Inject
    private OpIndex index;

    private final List<Bundle> installed = new ArrayList<>();

    @Configuration
    public static Option[] configuration() throws IOException {
        Path data = Files.createTempDirectory("opgraft-container");
        return new Option[] {Features.options(data, "base")};
    }

    @After
    public void uninstallAll() throws BundleException {
        for (Bundle bundle : installed) {
            if (bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        }
        assertTrue(index.providers().isEmpty());
    }

    private static Path jar(String name, String version) {
        return Path.of(System.getProperty("opgraft.home"), "examples", "ops", name + "-" + version + ".jar");
    }

    private Bundle install(String name, String version) throws BundleException {
        Bundle bundle = context.installBundle(jar(name, version).toUri().toString());
        installed.add(bundle);
        return bundle;
    }

    private Collection<ServiceReference<OpLibrary>> services() throws InvalidSyntaxException {
        return context.getServiceReferences(OpLibrary.class, "(" + OpLibrary.OPS_PROPERTY + "=" + OP + ")");
    }

    @Test
    public void manifestAloneBecomesAServiceOfItsBundle() throws Exception {
        Bundle bundle = install(ADDSUB, "1.0.0");
        assertEquals(
                OpProvider.State.STOPPED,
                index.providers("tensorflow", OP).get(0).state());
        bundle.start();
        ServiceReference<OpLibrary> reference = services().iterator().next();
        assertSame(bundle, reference.getBundle());
        assertEquals(new Version("1.0.0"), reference.getProperty(OpLibrary.VERSION_PROPERTY));
        OpLibrary library = context.getService(reference);
        assertEquals("tensorflow", library.framework());
        assertEquals(List.of(OP), library.ops());
        bundle.stop();
        assertTrue(services().isEmpty());
    }

    @Test
    public void versionsAndVendorsStandSideBySide() throws Exception {
        install(ADDSUB, "1.0.0").start();
        install(ADDSUB, "2.0.0").start();
        install("com.example.addsub", "1.0.0").start();
        assertEquals(3, services().size());
        List<OpProvider> providers = index.providers("tensorflow", OP);
        assertEquals(new Version("2.0.0"), providers.get(0).version());
        assertEquals(3, providers.stream().map(OpProvider::digest).distinct().count());
    }

    @Test
    public void loadedFileIsAPrivateCopyNamedByDigest() throws Exception {
        install(ADDSUB, "1.0.0").start();
        OpProvider provider = index.providers("tensorflow", OP).get(0);
        Path data = Path.of(context.getProperty("opgraft.data"));
        assertTrue(provider.library().toString(), provider.library().startsWith(data.resolve("ops")));
        assertTrue(provider.library().toString(), provider.library().toString().contains(provider.digest()));
    }

    @Test
    public void updateKeepsTheBundleAndChangesTheLibrary() throws Exception {
        Bundle bundle = install(ADDSUB, "1.0.0");
        bundle.start();
        OpProvider before = index.providers("tensorflow", OP).get(0);
        try (InputStream update = Files.newInputStream(jar(ADDSUB, "1.1.0"))) {
            bundle.update(update);
        }
        OpProvider after = index.providers("tensorflow", OP).get(0);
        assertEquals(before.bundleId(), after.bundleId());
        assertEquals(new Version("1.1.0"), after.version());
        assertNotEquals(before.library(), after.library());
    }

    @Test
    public void bundleMayRegisterTheServiceItself() throws Exception {
        Path library = index(ADDSUB);
        OpLibrary own = new OpLibrary() {
            @Override
            public String framework() {
                return "tensorflow";
            }

            @Override
            public List<String> ops() {
                return List.of("OwnOp");
            }

            @Override
            public OpFile library() {
                try {
                    return new OpFile(
                            "native/linux-x86_64/libown.so", library.toUri().toURL());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ServiceRegistration<OpLibrary> registration = context.registerService(OpLibrary.class, own, null);
        OpProvider provider = index.providers("tensorflow", "OwnOp").get(0);
        assertEquals(OpProvider.State.ACTIVE, provider.state());
        assertArrayEquals(Files.readAllBytes(library), Files.readAllBytes(provider.library()));
        registration.unregister();
        assertTrue(index.providers("tensorflow", "OwnOp").isEmpty());
    }

    /** A library that was accepted before, as a file. */
    private Path index(String name) throws Exception {
        Bundle bundle = install(name, "1.0.0");
        bundle.start();
        Path library = index.providers("tensorflow", OP).get(0).library();
        bundle.uninstall();
        return library;
    }

    @Test
    public void bundleWithoutItsLibraryIsRefusedWithTheReason() throws Exception {
        String manifest =
                """
                Manifest-Version: 1.0
                Bundle-ManifestVersion: 2
                Bundle-SymbolicName: broken
                Provide-Capability: opgraft.op;framework=tensorflow;ops:List<String>=
                 "Broken";library="native/linux-x86_64/libnothing.so"
                """;
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
            zip.putNextEntry(new java.util.zip.ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        Bundle bundle = context.installBundle("broken", new ByteArrayInputStream(bytes.toByteArray()));
        installed.add(bundle);
        bundle.start();
        OpProvider provider = index.providers("tensorflow", "Broken").get(0);
        assertEquals(OpProvider.State.REFUSED, provider.state());
        assertTrue(provider.reason(), provider.reason().contains("libnothing.so"));
    }
}
