package io.opgraft.http.internal;

import java.util.OptionalLong;

/** What became known of a request while it was served, for those who write about it. */
final class RequestNotes {
    private static final int LONGEST = 256;

    private volatile String model;
    private volatile OptionalLong version = OptionalLong.empty();
    private volatile String id;

    /** The model that was asked for, with the version that answers once that is known. */
    void model(String name, OptionalLong number) {
        model = name;
        version = number;
    }

    /** The request's own name for itself. */
    void id(String text) {
        id = text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** The version that answers, and the request's name if its JSON has one. */
    void answers(long number, String text) {
        version = OptionalLong.of(number);
        if (text != null && !text.isEmpty()) {
            id(text);
        }
    }

    /** Null if no model was asked for. */
    String model() {
        return model;
    }

    /** Empty if it is not known. */
    OptionalLong version() {
        return version;
    }

    /** Null if the request has none. */
    String id() {
        return id;
    }
}
