package io.opgraft.http.internal;

import java.util.ArrayList;
import java.util.List;

/** Takes paths apart. */
final class Routes {
    private static final int LONGEST_NAME = 128;

    private Routes() {}

    /** The segments of a path, decoded; a slash at the end does not count. */
    static List<String> split(String path) throws HttpFailure {
        List<String> segments = new ArrayList<>(8);
        int slash = path.indexOf('/');
        while (slash >= 0 && slash < path.length() - 1) {
            int next = path.indexOf('/', slash + 1);
            segments.add(decode(path.substring(slash + 1, next < 0 ? path.length() : next)));
            slash = next;
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
        return name("model", name);
    }

    static String repository(String name) throws HttpFailure {
        return name("repository", name);
    }

    private static String name(String what, String name) throws HttpFailure {
        if (!isName(name) || name.equals("..") || name.equals(".")) {
            throw HttpFailure.badRequest(what + " name " + Json.quote(name)
                    + " is not valid; names have 1 to 128 letters, digits, '_', '.' or '-'");
        }
        return name;
    }

    private static boolean isName(String text) {
        boolean valid = !text.isEmpty() && text.length() <= LONGEST_NAME;
        for (int i = 0; valid && i < text.length(); i++) {
            char c = text.charAt(i);
            valid = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '.'
                    || c == '-';
        }
        return valid;
    }

    static long version(String model, String text) throws HttpFailure {
        long version = Decimals.parse(text);
        if (version > 0) {
            return version;
        }
        throw HttpFailure.badRequest(
                "version " + Json.quote(text) + " of model '" + model + "' is not valid; it is a whole number above 0");
    }
}
