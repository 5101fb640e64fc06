package io.opgraft.tensorrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opgraft.backend.DataType;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Signature;
import io.opgraft.backend.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanFileTest {
    private static final int FOR_GPUS = 190;

    private static byte[] header(int machine) {
        byte[] header = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, header, 0, 7);
        header[16] = 3;
        header[18] = (byte) machine;
        return header;
    }

    private static boolean carriesCode(int at, int size, byte[] header, int block) {
        byte[] file = new byte[size];
        System.arraycopy(header, 0, file, at, header.length);
        HostCodeSearch search = new HostCodeSearch();
        for (int from = 0; from < size; from += block) {
            byte[] part = Arrays.copyOfRange(file, from, Math.min(size, from + block));
            search.add(part, part.length);
        }
        return search.found();
    }

    @Test
    void findsHostCodeWhereverItLies() {
        for (int block : new int[] {1, 7, 19, 20, 64, 1000}) {
            for (int at : new int[] {0, 1, 44, 63, 500, 936}) {
                assertTrue(carriesCode(at, 1000, header(62), block), at + " in blocks of " + block);
            }
        }
    }

    @Test
    void codeForGpusIsNoHostCode() {
        assertFalse(carriesCode(100, 1000, header(FOR_GPUS), 64));
    }

    @Test
    void anotherContentIsAnotherDigest() throws Exception {
        Path file = Files.writeString(Lab.folder().resolve("model.plan"), "one");
        PlanFile first = PlanFile.read(file);
        assertEquals(first, PlanFile.read(file));
        Files.writeString(file, "other");
        assertNotEquals(first.digest(), PlanFile.read(file).digest());
    }

    @Test
    void theVersionIsReadFromHeadersThatAreKnown() throws Exception {
        Path folder = Lab.folder();
        byte[] header = Lab.planHeader(10, 6, 0, 200);
        assertEquals(
                "10.6.0.200",
                PlanFile.read(Files.write(folder.resolve("a"), header)).builtBy());
        assertEquals(
                "",
                PlanFile.read(Files.write(folder.resolve("b"), Arrays.copyOf(header, 27)))
                        .builtBy());
        header[8] = 3;
        assertEquals("", PlanFile.read(Files.write(folder.resolve("c"), header)).builtBy());
    }

    @Test
    void recordsOutliveTheServer() throws Exception {
        Path folder = Lab.folder();
        PlanRecord known = PlanRecord.NOTHING
                .withOp("ns::B/2")
                .withOp("A/1")
                .withSignature(new Signature(
                        List.of(new TensorSpec("in 1 =", DataType.INT64, Shape.of(-1, 16))),
                        List.of(new TensorSpec("out", DataType.BF16, Shape.of()))));
        new PlanRecords(folder).put("d", known);
        assertEquals(known, new PlanRecords(folder).get("d"));
        assertEquals(PlanRecord.NOTHING, new PlanRecords(folder).get("e"));
        Files.writeString(folder.resolve("f.properties"), "output.0=FP99 [1] x");
        assertEquals(PlanRecord.NOTHING, new PlanRecords(folder).get("f"));
    }
}
