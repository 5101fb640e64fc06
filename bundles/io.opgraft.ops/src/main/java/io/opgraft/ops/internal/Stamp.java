package io.opgraft.ops.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/** A cheap sign that a file is the one that was checked before: it changes whenever somebody writes to the file. */
final class Stamp {
    private Stamp() {}

    /** Size, number of the file and times of the last changes; empty where the system does not tell. */
    static String of(Path file) throws IOException {
        try {
            Map<String, Object> seen =
                    Files.readAttributes(file, "unix:size,ino,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
            return seen.get("size") + " " + seen.get("ino") + " " + nanos(seen.get("lastModifiedTime")) + " "
                    + nanos(seen.get("ctime"));
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }

    private static String nanos(Object time) {
        return ((FileTime) time).toInstant().toString();
    }
}
