package io.opgraft.serving.internal;

import io.opgraft.backend.LoadedModel;
import io.opgraft.backend.Outputs;
import io.opgraft.backend.Shape;
import io.opgraft.backend.Tensor;
import io.opgraft.serving.ResponseCacheStatistics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers that are given again to equal requests on the same instance. Those that were not asked for longest go first when
 * there are too many bytes. Answers lie outside of the Java heap. Safe for use by many threads.
 */
final class ResponseCache {
    private final long limit;
    private final Map<LoadedModel, Long> instances = new WeakHashMap<>();
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long nextInstance;
    private final LongAdder lookupNanos = new LongAdder();
    private final LongAdder insertionNanos = new LongAdder();
    private long bytes;
    private long hits;
    private long misses;
    private long evictions;

    /**
     * A request: its instance, its inputs and the outputs that it wants.
     *
     * @param instance number of the instance
     * @param digest SHA-256 of the rest, as text
     */
    record Key(long instance, ByteBuffer digest) {}

    /** An answer; closing it does nothing, its memory goes when nobody uses it. */
    private record Entry(List<Tensor> tensors, long bytes) implements Outputs {
        @Override
        public void close() {
            // Others use the same memory.
        }
    }

    /**
     * Makes a cache.
     *
     * @param limit bytes that all answers may take
     */
    ResponseCache(long limit) {
        this.limit = limit;
    }

    Key key(LoadedModel model, Map<String, Tensor> inputs, List<String> outputs) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        outputs.forEach(name -> text(digest, name));
        new TreeMap<>(inputs).forEach((name, tensor) -> {
            ByteBuffer content = tensor.buffer();
            text(digest, name);
            text(digest, tensor.datatype() + " " + tensor.shape() + " " + content.remaining());
            digest.update(content);
        });
        return new Key(number(model), ByteBuffer.wrap(digest.digest()));
    }

    private static void text(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private synchronized long number(LoadedModel model) {
        return instances.computeIfAbsent(model, any -> nextInstance++);
    }

    /** The answer of an equal request, or null. */
    synchronized Outputs find(Key key) {
        Entry found = entries.get(key);
        if (found == null) {
            misses++;
        } else {
            hits++;
        }
        return found;
    }

    /** Keeps a copy of an answer, unless it takes more than a quarter of the cache. */
    void store(Key key, Outputs outputs) {
        long size = 0;
        for (Tensor tensor : outputs.tensors()) {
            size += tensor.buffer().remaining();
        }
        if (size > limit / 4) {
            return;
        }
        ByteBuffer memory = ByteBuffer.allocateDirect((int) size);
        List<Tensor> copies = new ArrayList<>();
        for (Tensor tensor : outputs.tensors()) {
            ByteBuffer content = tensor.buffer();
            Shape shape = tensor.shape();
            ByteBuffer copy = memory.slice(memory.position(), content.remaining());
            memory.put(content);
            copies.add(new BufferTensor(tensor.datatype(), shape, copy));
        }
        add(key, new Entry(List.copyOf(copies), size));
    }

    private synchronized void add(Key key, Entry entry) {
        Entry old = entries.put(key, entry);
        bytes += entry.bytes() - (old == null ? 0 : old.bytes());
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes > limit) {
            bytes -= oldest.next().bytes();
            oldest.remove();
            evictions++;
        }
    }

    /** An answer was looked for, which includes making the key. */
    void lookedUp(long nanos) {
        lookupNanos.add(nanos);
    }

    /** An answer was stored, or found too large for that. */
    void stored(long nanos) {
        insertionNanos.add(nanos);
    }

    synchronized ResponseCacheStatistics statistics() {
        return new ResponseCacheStatistics(
                limit, bytes, entries.size(), hits, misses, evictions, lookupNanos.sum(), insertionNanos.sum());
    }
}
