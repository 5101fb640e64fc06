package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.op.OpLibrary;
import io.opgraft.ops.OpProvider;
import io.opgraft.ops.OpProvider.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

class ExtenderTest {
    private static final String OP = "AddSub";

    @TempDir
    static Path natives;

    private static Path one;
    private static Path two;

    @TempDir
    Path dir;

    private TestFramework framework;

    @BeforeAll
    static void build() throws Exception {
        one = NativeBuild.library(natives.resolve("1/libaddsub.so"), "op.c", "-DVALUE=1");
        two = NativeBuild.library(natives.resolve("2/libaddsub.so"), "op.c", "-DVALUE=2");
    }

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(dir);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void anActiveBundleIsAServiceOfItsOwnAndActiveInTheIndex() throws Exception {
        Bundle bundle = framework.start(jar("io.acme.addsub", "1.2.0", one));
        ServiceReference<OpLibrary> reference = framework.context().getServiceReference(OpLibrary.class);
        assertSame(bundle, reference.getBundle());
        assertEquals("tensorflow", reference.getProperty(OpLibrary.FRAMEWORK_PROPERTY));
        assertArrayEquals(new String[] {OP}, (String[]) reference.getProperty(OpLibrary.OPS_PROPERTY));
        assertEquals(new Version("1.2.0"), reference.getProperty(OpLibrary.VERSION_PROPERTY));
        assertEquals(
                "libaddsub.so",
                framework.context().getService(reference).library().path());

        OpProvider provider = framework.only();
        assertEquals(State.ACTIVE, provider.state());
        assertEquals("", provider.reason());
        assertEquals("io.acme.addsub/1.2.0", provider.label());
        assertEquals(bundle.getBundleId(), provider.bundleId());
        assertEquals(framework.store().resolve(provider.digest() + "/r2/files/libaddsub.so"), provider.library());
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(provider.library()));
        assertEquals(List.of(provider), framework.index().providers("tensorflow", OP));
        assertEquals(List.of(), framework.index().providers("tensorrt", OP));
        assertEquals(List.of(), framework.index().providers("tensorflow", "Other"));
    }

    @Test
    void theIndexFollowsTheBundle() throws Exception {
        Bundle bundle = framework.install(jar("io.acme.addsub", "1.2.0", one));
        String stopped =
                "bundle " + bundle.getBundleId() + " is not started; start it with: start " + bundle.getBundleId();
        assertEquals(State.STOPPED, framework.only().state());
        assertEquals(stopped, framework.only().reason());
        assertNull(framework.only().library());
        assertEquals(List.of("tensorflow[AddSub]"), framework.events());

        bundle.start();
        assertEquals(State.ACTIVE, framework.only().state());
        assertEquals(List.of("tensorflow[AddSub]"), framework.events());

        bundle.stop();
        assertEquals(State.STOPPED, framework.only().state());
        assertEquals(List.of("tensorflow[AddSub]"), framework.events());
        assertNull(framework.context().getServiceReference(OpLibrary.class));

        bundle.start();
        assertEquals(State.ACTIVE, framework.only().state());
        framework.events();
        bundle.uninstall();
        assertEquals(List.of(), framework.index().providers());
        assertEquals(List.of(), framework.index().providers("tensorflow", OP));
        assertEquals("tensorflow[AddSub]", framework.events().get(0));
    }

    @Test
    void anUpdateKeepsTheIdAndChangesVersionAndDigest() throws Exception {
        Bundle bundle = framework.start(jar("io.acme.addsub", "1.0.0", one));
        OpProvider before = framework.only();
        TestFramework.update(bundle, jar("io.acme.addsub", "1.1.0", two));
        OpProvider after = framework.only();
        assertEquals(State.ACTIVE, after.state());
        assertEquals(before.bundleId(), after.bundleId());
        assertEquals("io.acme.addsub/1.1.0", after.label());
        assertNotEquals(before.digest(), after.digest());
        assertTrue(Files.exists(before.library()), "instances of the old version may still be loaded from it");
        assertArrayEquals(Files.readAllBytes(two), Files.readAllBytes(after.library()));
    }

    @Test
    void anUpdateMayDropTheCapability() throws Exception {
        Bundle bundle = framework.start(jar("io.acme.addsub", "1.0.0", one));
        TestFramework.update(bundle, new OpBundle("io.acme.addsub", "1.1.0").write(dir.resolve("plain.jar")));
        assertEquals(List.of(), framework.index().providers());
        TestFramework.update(bundle, jar("io.acme.addsub", "1.2.0", one));
        assertEquals("io.acme.addsub/1.2.0", framework.only().label());
    }

    @Test
    void versionsStandSideBySideHighestFirst() throws Exception {
        framework.start(jar("io.acme.addsub", "1.9.0", one));
        framework.start(jar("io.acme.addsub", "1.10.0", two));
        framework.start(jar("com.other", "1.9.0", one));
        assertEquals(
                List.of("io.acme.addsub/1.10.0", "com.other/1.9.0", "io.acme.addsub/1.9.0"),
                labels(framework.index().providers("tensorflow", OP)));
        assertEquals(
                List.of("com.other/1.9.0", "io.acme.addsub/1.9.0", "io.acme.addsub/1.10.0"),
                labels(framework.index().providers()));
        assertEquals(
                2,
                framework.index().providers().stream()
                        .map(OpProvider::library)
                        .distinct()
                        .count(),
                "equal bytes are stored once");
    }

    @Test
    void theCapabilityMayHaveAVersionOfItsOwn() throws Exception {
        OpBundle bundle = new OpBundle("io.acme.addsub", "7.0.0").op(OP, one);
        bundle.header("Provide-Capability", capability("version:Version=\"1.5.0\""));
        framework.start(bundle.write(dir.resolve("own.jar")));
        assertEquals("io.acme.addsub/1.5.0", framework.only().label());
    }

    @Test
    void aBundleMayHaveManyLibraries() throws Exception {
        OpBundle bundle = new OpBundle("io.acme.many", "1.0.0").op("First", one);
        bundle.entry(OpBundle.FOLDER + "sub/libsecond.so", Files.readAllBytes(two));
        bundle.header(
                "Provide-Capability",
                "opgraft.op;framework=tensorflow;ops:List<String>=\"First,Also\";library=\"" + OpBundle.FOLDER
                        + "libaddsub.so\",opgraft.op;framework=tensorflow;ops=\"Second\";library=\"" + OpBundle.FOLDER
                        + "sub/libsecond.so\"");
        framework.start(bundle.write(dir.resolve("many.jar")));
        OpProvider first = framework.index().providers("tensorflow", "First").get(0);
        OpProvider second = framework.index().providers("tensorflow", "Second").get(0);
        assertEquals(List.of(first), framework.index().providers("tensorflow", "Also"));
        assertEquals(State.ACTIVE, second.state(), second.reason());
        assertNotEquals(first.digest(), second.digest(), "each has a scope of its own");
        assertEquals(first.files().folder(), second.files().folder(), "the folder is stored once");
        assertTrue(second.library().endsWith("files/sub/libsecond.so"), second.library()::toString);
        assertTrue(Files.exists(first.library().resolveSibling("sub/libsecond.so")), "helpers keep their places");
    }

    @Test
    void badCapabilitiesAreRefusedWithWhatToDo() throws Exception {
        String library = "library=\"" + OpBundle.FOLDER + "libaddsub.so\"";
        assertRefused("ops=X;" + library, "no attribute framework; add framework=tensorflow");
        assertRefused("framework=tensorflow;" + library, "names no ops, and tensorflow is not there to find them");
        assertRefused("framework=tensorflow;ops=X", "no attribute library; add library=");
        assertRefused(
                "framework=tensorflow;ops=X;library=\"" + OpBundle.FOLDER + "libgone.so\"",
                "libgone.so is not in the bundle; check the path");
        assertRefused("framework=tensorflow;ops=X;library=\"lib/x.so\"", "does not lie below native/<os>-<arch>/");
        assertRefused("framework=tensorflow;ops=X;library=\"" + OpBundle.FOLDER + "../../x.so\"", "does not lie below");
        assertRefused("framework=tensorflow;ops=X;version=one;" + library, "has version one, expected one such as");
    }

    @Test
    void otherPlatformsAreIgnoredUnlessTheyAreAllThereIs() throws Exception {
        OpBundle both = new OpBundle("io.acme.both", "1.0.0").op(OP, one);
        both.entry("native/plan9-mips/libaddsub.so", new byte[] {1});
        both.header(
                "Provide-Capability",
                capability("x=y")
                        + ",opgraft.op;framework=tensorflow;ops=AddSub;library=native/plan9-mips/libaddsub.so");
        Bundle first = framework.start(both.write(dir.resolve("both.jar")));
        assertEquals(State.ACTIVE, framework.only().state());
        first.uninstall();

        OpBundle foreign = new OpBundle("io.acme.foreign", "1.0.0").op(OP, one);
        foreign.entry("native/plan9-mips/libaddsub.so", new byte[] {1});
        foreign.header(
                "Provide-Capability",
                "opgraft.op;framework=tensorflow;ops=AddSub;library=\"native/plan9-mips/libaddsub.so\"");
        framework.start(foreign.write(dir.resolve("foreign.jar")));
        assertEquals(State.REFUSED, framework.only().state());
        assertTrue(framework.only().reason().contains("no library for this machine (" + Platform.current() + ")"));
    }

    @Test
    void aFragmentIsRefused() throws Exception {
        OpBundle fragment = new OpBundle("io.acme.part", "1.0.0").op(OP, one);
        framework.install(fragment.header("Fragment-Host", "io.acme.host").write(dir.resolve("part.jar")));
        assertEquals(State.REFUSED, framework.only().state());
        assertTrue(
                framework.only().reason().contains("into its host"),
                framework.only().reason());
    }

    @Test
    void bundlesThatWereThereBeforeAreTaken() throws Exception {
        framework.start(jar("io.acme.addsub", "1.0.0", one));
        framework.closeOps();
        assertNull(framework.context().getServiceReference(OpLibrary.class), "services go with the extender");
        assertEquals(List.of(), framework.index().providers());
        framework.restartOps();
        assertEquals(State.ACTIVE, framework.only().state());
        assertFalse(framework.context().getServiceReference(OpLibrary.class) == null);
    }

    private void assertRefused(String attributes, String reason) throws Exception {
        OpBundle bundle = new OpBundle("io.acme.bad", "1.0.0").op(OP, one);
        bundle.header("Provide-Capability", "opgraft.op;" + attributes);
        Bundle installed = framework.start(bundle.write(dir.resolve("bad.jar")));
        assertEquals(State.REFUSED, framework.only().state());
        assertTrue(framework.only().reason().contains(reason), framework.only().reason());
        assertNull(framework.context().getServiceReference(OpLibrary.class));
        installed.uninstall();
    }

    private Path jar(String name, String version, Path library) throws Exception {
        return new OpBundle(name, version).op(OP, library).write(dir.resolve(name + "-" + version + ".jar"));
    }

    private static String capability(String more) {
        return "opgraft.op;framework=tensorflow;ops:List<String>=\"AddSub\";library=\"" + OpBundle.FOLDER
                + "libaddsub.so\";" + more;
    }

    private static List<String> labels(List<OpProvider> providers) {
        return providers.stream().map(OpProvider::label).toList();
    }
}
