package io.opgraft.http.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes paths apart. */
final class Routes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}");

    private Routes() {}

    /** The segments of a path, decoded; a slash at the end does not count. */
    static List<String> split(String path) throws HttpFailure {
        String[] raw = path.split("/", -1);
        List<String> segments = new ArrayList<>(raw.length);
        int end = raw[raw.length - 1].isEmpty() ? raw.length - 1 : raw.length;
        for (int i = 1; i < end; i++) {
            segments.add(decode(raw[i]));
        }
        return segments;
    }

    private static String decode(String segment) throws HttpFailure {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        StringBuilder out = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                int high = i + 2 < segment.length() ? Character.digit(segment.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(segment.charAt(i + 2), 16);
                if (low < 0) {
                    throw HttpFailure.badRequest("the path has a '%' that two hexadecimal digits must follow");
                }
                // Names are ASCII, so bytes above it need no decoding to be refused.
                c = (char) (high << 4 | low);
                i += 2;
            }
            out.append(c);
        }
        return out.toString();
    }

    static String model(String name) throws HttpFailure {
        if (!NAME.matcher(name).matches() || name.equals("..") || name.equals(".")) {
            throw HttpFailure.badRequest("model name " + Json.quote(name)
                    + " is not valid; names have 1 to 128 letters, digits, '_', '.' or '-'");
        }
        return name;
    }

    static long version(String model, String text) throws HttpFailure {
        if (VERSION.matcher(text).matches()) {
            long version = Long.parseLong(text);
            if (version > 0) {
                return version;
            }
        }
        throw HttpFailure.badRequest(
                "version " + Json.quote(text) + " of model '" + model + "' is not valid; it is a whole number above 0");
    }
}
