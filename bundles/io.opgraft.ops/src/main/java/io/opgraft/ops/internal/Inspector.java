package io.opgraft.ops.internal;

import io.opgraft.elf.LibraryFamily;
import io.opgraft.op.OpNamespace;
import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** Judges what is not installed, in temporary folders, by the same steps as what is. */
final class Inspector {
    private static final long NOT_INSTALLED = -1;

    private final CopyStore store;
    private final FolderBuilder builder;
    private final Capabilities capabilities;
    private final Trials trials;

    Inspector(CopyStore store, FolderBuilder builder, Capabilities capabilities, Trials trials) {
        this.store = store;
        this.builder = builder;
        this.capabilities = capabilities;
        this.trials = trials;
    }

    List<OpProvider> inspectBundle(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw new IOException(file.getFileName() + " is no bundle: it has no manifest");
            }
            List<Declared> all;
            try {
                all = declared(file, manifest.getMainAttributes());
            } catch (IllegalArgumentException e) {
                throw new IOException(file.getFileName() + " is no bundle: " + e.getMessage(), e);
            }
            List<OpProvider> providers = new ArrayList<>();
            Map<String, List<Declared>> byFolder = new LinkedHashMap<>();
            for (Declared declared : all) {
                if (declared.valid()) {
                    byFolder.computeIfAbsent(declared.folder(), folder -> new ArrayList<>())
                            .add(declared);
                } else {
                    providers.add(Offer.refused(declared.candidate(), "capability", declared.refusal(), false)
                            .provider());
                }
            }
            for (Map.Entry<String, List<Declared>> folder : byFolder.entrySet()) {
                providers.addAll(judge(folder.getValue(), files(jar, folder.getKey())));
            }
            return providers;
        }
    }

    private List<Declared> declared(Path file, Attributes headers) throws IOException {
        String name = Candidate.text(headers.getValue(Constants.BUNDLE_SYMBOLICNAME));
        if (name.isEmpty()) {
            throw new IOException(file.getFileName() + " is no bundle: it has no Bundle-SymbolicName");
        }
        List<Map<String, Object>> found =
                CapabilityHeader.read(headers.getValue(Constants.PROVIDE_CAPABILITY), OpNamespace.NAMESPACE);
        if (found.isEmpty()) {
            throw new IOException(file.getFileName() + " has no " + OpNamespace.NAMESPACE + " capability");
        }
        return capabilities.read(
                new Capabilities.Owner(
                        name.split(";", -1)[0].strip(),
                        Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION)),
                        NOT_INSTALLED,
                        new OpOrigin(
                                file.toUri().toString(),
                                Candidate.text(headers.getValue(Constants.BUNDLE_VENDOR)),
                                Candidate.text(headers.getValue(Constants.BUNDLE_LICENSE))),
                        headers.getValue(Constants.FRAGMENT_HOST) != null),
                found);
    }

    private static Map<String, Delivery.Content> files(JarFile jar, String folder) {
        Map<String, Delivery.Content> files = new TreeMap<>();
        for (JarEntry entry : (Iterable<JarEntry>) () -> jar.entries().asIterator()) {
            if (!entry.isDirectory() && entry.getName().startsWith(folder)) {
                files.put(entry.getName().substring(folder.length()), () -> jar.getInputStream(entry));
            }
        }
        return files;
    }

    OpProvider inspectLibrary(String framework, Path folder, Path library) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        Map<String, Delivery.Content> files = new TreeMap<>();
        for (Path file : Durable.files(root)) {
            files.put(root.relativize(file).toString(), () -> Files.newInputStream(file));
        }
        String path = root.relativize(library.toAbsolutePath().normalize()).toString();
        return judge(plain(framework, path), files).get(0);
    }

    OpProvider inspectFile(String framework, Path file) throws IOException {
        try {
            LibraryFamily family = LibraryFamily.of(file, CommonLibraries::contains);
            Map<String, Delivery.Content> files = new TreeMap<>();
            for (Path each : family.files()) {
                files.put(family.root().relativize(each).toString(), () -> Files.newInputStream(each));
            }
            Delivery delivery = Delivery.of(
                    files, List.of(family.root().relativize(family.library()).toString()));
            return judge(plain(framework, delivery.libraries().get(0)), delivery.files())
                    .get(0);
        } catch (RefusedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static List<Declared> plain(String framework, String path) {
        Candidate candidate =
                new Candidate(framework, List.of(), "", Version.emptyVersion, NOT_INSTALLED, OpOrigin.NONE);
        return List.of(new Declared(candidate, "", path, ""));
    }

    private List<OpProvider> judge(List<Declared> libraries, Map<String, Delivery.Content> files) throws IOException {
        List<String> there = libraries.stream()
                .map(Declared::path)
                .filter(files::containsKey)
                .distinct()
                .toList();
        Path work = store.temporary();
        try {
            List<Offer> offers = new Admission(store, false).admit(libraries, unused -> {
                if (there.isEmpty()) {
                    throw new RefusedException(libraries.get(0).absent());
                }
                Delivery delivery = Delivery.of(files, there);
                Map<String, String> digests = FolderBuilder.copy(delivery, work);
                String digest = FolderBuilder.digest(delivery.libraries(), digests);
                FolderBuilder.Built built = builder.build(delivery.libraries(), digest, work);
                return new StoredFolder(digest, work, built.record(work, digests));
            });
            for (Offer offer : offers) {
                await(offer);
            }
            return offers.stream().map(Offer::provider).toList();
        } finally {
            Durable.delete(work);
        }
    }

    /** The files are needed until the trial is over. */
    private void await(Offer offer) throws IOException {
        boolean again = true;
        while (true) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            offer.ask(trials, again, () -> done.complete(null));
            if (!offer.pending()) {
                return;
            }
            again = false;
            try {
                CompletableFuture.anyOf(done, trials.settled().toCompletableFuture())
                        .get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a library was loaded on trial");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
