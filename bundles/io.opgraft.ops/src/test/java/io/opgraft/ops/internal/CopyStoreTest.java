package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How copies are made, without a framework. */
class CopyStoreTest {
    @TempDir
    Path dir;

    private CopyStore store;
    private byte[] library;

    @BeforeEach
    void open() throws Exception {
        store = CopyStore.open(dir.resolve("ops"), new FolderBuilder(new Lint(Platform.current())));
        library = Files.readAllBytes(NativeBuild.library(dir.resolve("libop.so"), "op.c", "-DVALUE=1"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.list(store.root())) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(".tmp-"))
                    .toList();
        }
    }

    private static Delivery delivery(Delivery.Content content) throws RefusedException {
        return Delivery.of(Map.of("libop.so", content), List.of("libop.so"));
    }

    @Test
    void aFileIsReadOnceAndItsRecordIsRight() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        StoredFolder folder = store.take(
                delivery(() -> {
                    opened.incrementAndGet();
                    return new ByteArrayInputStream(library);
                }),
                "");
        assertEquals(1, opened.get());
        Path place = folder.files().getParent();
        assertTrue(FolderRecord.read(place).looksWhole(place));
        assertTrue(FolderRecord.read(place).isWhole(place));
        assertEquals(List.of(), left());
        assertEquals(folder, store.take(delivery(() -> new ByteArrayInputStream(library)), ""), "stored once");
        assertEquals(List.of(), left());
    }

    @Test
    void whatCannotBeReadToItsEndIsRefusedAndLeavesNothing() throws Exception {
        InputStream half = new ByteArrayInputStream(library, 0, library.length / 2);
        Delivery cut = delivery(() -> new FilterInputStream(half) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                if (count < 0) {
                    throw new IOException("bad checksum");
                }
                return count;
            }
        });
        RefusedException refused = assertThrows(RefusedException.class, () -> store.take(cut, ""));
        assertTrue(refused.getMessage().contains("install the bundle again"), refused.getMessage());
        assertEquals(List.of(), left());
    }
}
