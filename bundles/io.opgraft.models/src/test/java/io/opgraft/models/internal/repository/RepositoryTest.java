package io.opgraft.models.internal.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.models.internal.proto.ModelConfigProto.ModelVersionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
    @TempDir
    Path directory;

    private Path root;
    private Repository repository;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.toRealPath().resolve("one"));
        repository = new Repository(List.of(root));
    }

    private static Path version(Path root, String model, String version) throws IOException {
        Path folder = Files.createDirectories(root.resolve(model).resolve(version));
        Files.writeString(folder.resolve("model"), "x");
        return folder;
    }

    @Test
    void foldersWithGoodNamesAreModels() throws Exception {
        version(root, "a-B_1.x", "1");
        version(root, "b b", "1");
        version(root, ".git", "1");
        Files.createDirectory(root.resolve("x".repeat(129)));
        Files.writeString(root.resolve("README"), "");
        assertEquals(Set.of("a-B_1.x"), repository.scan().models().keySet());
        assertEquals(root.resolve("a-B_1.x"), repository.find("a-B_1.x").directory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/b", "../one/a", "a\\b", "a\0", "a\n", ".hidden", "ä"})
    void otherNamesReachNoFile(String name) throws Exception {
        version(root, "a", "1");
        assertNull(repository.find(name));
        assertFalse(ModelNames.isModel(name));
    }

    @Test
    void oneNameInTwoRootsIsExplained() throws Exception {
        Path other = Files.createDirectory(directory.toRealPath().resolve("two"));
        version(root, "a", "1");
        version(other, "a", "1");
        Repository both = new Repository(List.of(root, other));
        String expected = "Model a is in two repositories: " + root.resolve("a") + " and " + other.resolve("a")
                + ". Remove or rename one of the folders.";
        assertEquals(expected, both.find("a").problem().toString());
        assertEquals(expected, both.scan().models().get("a").problem().toString());
    }

    @Test
    void unreadableRootIsNamedAndTheOthersAreRead() throws Exception {
        version(root, "a", "1");
        Repository.Scan scan = new Repository(List.of(root.resolve("none"), root)).scan();
        assertEquals(
                List.of("Model repository " + root.resolve("none") + " cannot be read: it does not exist."),
                scan.unreadable());
        assertEquals(Set.of("a"), scan.models().keySet());
    }

    @Test
    void linksInsideTheRootAreFollowedOthersRefused() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        version(root, "real", "1");
        Files.createSymbolicLink(root.resolve("alias"), root.resolve("real"));
        Files.createSymbolicLink(root.resolve("away"), outside);
        assertNull(repository.find("alias").problem());
        assertEquals(
                "Folder " + root.resolve("away")
                        + " of model away is a link that leaves its repository. Copy the model into the repository.",
                repository.find("away").problem().toString());

        Files.createSymbolicLink(root.resolve("real/1/weights"), outside);
        IOException e = assertThrows(IOException.class, () -> repository.files(repository.find("real")));
        assertEquals("Link " + root.resolve("real/1/weights") + " leaves the repository", e.getMessage());
    }

    @Test
    void linkThatLeadsInACircleIsRefused() throws Exception {
        Path folder = version(root, "a", "1");
        Files.createSymbolicLink(folder.resolve("loop"), root.resolve("a"));
        assertThrows(IOException.class, () -> repository.files(repository.find("a")));
    }

    @Test
    void versionsAreNumbersWithoutLeadingZeros() throws Exception {
        for (String name : List.of("1", "20", "0", "01", "1a", "-1", "9999999999999999999")) {
            version(root, "a", name);
        }
        assertEquals(
                List.of(1L, 20L),
                List.copyOf(repository.files(repository.find("a")).versions().keySet()));
    }

    @Test
    void snapshotsDifferWhenAnythingDiffers() throws Exception {
        Path file = version(root, "a", "1").resolve("model");
        ModelFiles before = repository.files(repository.find("a"));
        assertEquals(before, repository.files(repository.find("a")));

        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        ModelFiles touched = repository.files(repository.find("a"));
        assertNotEquals(before.versions(), touched.versions());
        assertEquals(before.shared(), touched.shared());

        Files.writeString(file, "xy");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        ModelFiles grown = repository.files(repository.find("a"));
        assertNotEquals(touched, grown);

        Files.writeString(root.resolve("a/config.pbtxt"), "");
        ModelFiles configured = repository.files(repository.find("a"));
        assertNotEquals(grown.shared(), configured.shared());
        assertEquals(grown.versions(), configured.versions());

        Files.createDirectories(root.resolve("a/1/sub/empty"));
        assertNotEquals(configured, repository.files(repository.find("a")));
    }

    @Test
    void policiesSelectVersions() {
        TreeSet<Long> present = new TreeSet<>(Set.of(1L, 3L, 10L));
        ModelVersionPolicy.Builder policy = ModelVersionPolicy.newBuilder();
        assertEquals(Set.of(10L), VersionPolicy.select(policy.build(), present));
        policy.getLatestBuilder();
        assertEquals(Set.of(10L), VersionPolicy.select(policy.build(), present));
        policy.getLatestBuilder().setNumVersions(2);
        assertEquals(Set.of(3L, 10L), VersionPolicy.select(policy.build(), present));
        policy.getAllBuilder();
        assertEquals(present, VersionPolicy.select(policy.build(), present));
        policy.getSpecificBuilder().addVersions(3).addVersions(7);
        assertEquals(Set.of(3L, 7L), VersionPolicy.select(policy.build(), present));
        assertTrue(VersionPolicy.select(ModelVersionPolicy.getDefaultInstance(), new TreeSet<>())
                .isEmpty());
    }
}
