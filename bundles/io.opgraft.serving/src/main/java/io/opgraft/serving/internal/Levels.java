package io.opgraft.serving.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Waiting requests by priority, and by arrival within a priority; those whose time is over come after the others of their
 * priority. Guarded by its queue's lock.
 */
final class Levels {
    private final NavigableMap<Integer, Level> byPriority = new TreeMap<>();

    private static final class Level {
        final Set<LeasedRequest> inTime = new LinkedHashSet<>();
        final Set<LeasedRequest> delayed = new LinkedHashSet<>();
    }

    private Level level(LeasedRequest request) {
        return byPriority.computeIfAbsent(request.waiting().priority(), priority -> new Level());
    }

    void add(LeasedRequest request) {
        level(request).inTime.add(request);
    }

    /** Takes a request out; false if it was not there. */
    boolean remove(LeasedRequest request) {
        Level level = level(request);
        return level.inTime.remove(request) || level.delayed.remove(request);
    }

    /** Puts a waiting request behind those whose time is not over. */
    void delay(LeasedRequest request) {
        Level level = level(request);
        if (level.inTime.remove(request)) {
            level.delayed.add(request);
        }
    }

    boolean isDelayed(LeasedRequest request) {
        return level(request).delayed.contains(request);
    }

    /** How many wait with the priority of a request. */
    int size(LeasedRequest request) {
        Level level = level(request);
        return level.inTime.size() + level.delayed.size();
    }

    /** The one that is served next, or null. */
    LeasedRequest first() {
        for (Level level : byPriority.values()) {
            if (!level.inTime.isEmpty()) {
                return level.inTime.iterator().next();
            }
            if (!level.delayed.isEmpty()) {
                return level.delayed.iterator().next();
            }
        }
        return null;
    }

    /** All in the order in which they are served. */
    List<LeasedRequest> inOrder() {
        List<LeasedRequest> all = new ArrayList<>();
        for (Level level : byPriority.values()) {
            all.addAll(level.inTime);
            all.addAll(level.delayed);
        }
        return all;
    }
}
