package io.opgraft.ops.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opgraft.ops.OpOrigin;
import io.opgraft.ops.OpProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class IndexTest {
    private final Index index = new Index();

    @Test
    void namesOnlyTheOpsThatChanged() {
        OpProvider kept = provider("a", "1.0.0", "Kept");
        assertEquals(
                Map.of("tensorflow", Set.of("Kept", "Old")),
                index.replace("x", List.of(kept, provider("a", "1.0.0", "Old"))));
        assertEquals(
                Map.of("tensorflow", Set.of("Old", "New")),
                index.replace("x", List.of(kept, provider("a", "1.0.0", "New"))));
        assertEquals(Map.of(), index.replace("x", List.of(kept, provider("a", "1.0.0", "New"))));
        assertEquals(List.of(), index.providers("tensorflow", "Old"));
        assertEquals(List.of(kept), index.providers("tensorflow", "Kept"));
    }

    @Test
    void ownersDoNotMix() {
        OpProvider one = provider("a", "1.0.0", "Op");
        OpProvider two = provider("b", "1.0.0", "Op");
        index.replace("x", List.of(one));
        index.replace("y", List.of(two));
        assertEquals(List.of(one, two), index.providers("tensorflow", "Op"));
        index.replace("x", List.of());
        assertEquals(List.of(two), index.providers("tensorflow", "Op"));
        assertEquals(List.of(two), index.providers());
    }

    @Test
    void listsThatWereGivenOutDoNotChange() {
        index.replace("x", List.of(provider("a", "1.0.0", "Op")));
        List<OpProvider> before = index.providers("tensorflow", "Op");
        List<OpProvider> all = index.providers();
        index.replace("x", List.of());
        assertEquals(1, before.size());
        assertEquals(1, all.size());
    }

    private static OpProvider provider(String bundle, String version, String op) {
        return new Candidate("tensorflow", List.of(op), bundle, Version.parseVersion(version), 7, OpOrigin.NONE)
                .stopped();
    }
}
