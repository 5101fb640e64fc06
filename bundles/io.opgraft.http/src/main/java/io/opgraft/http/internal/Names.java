package io.opgraft.http.internal;

import java.util.OptionalLong;

/** Messages about models that clients look into. */
final class Names {
    private Names() {}

    static HttpFailure unknown(String model, OptionalLong version) {
        return new HttpFailure(404, unknownText(model, version));
    }

    static String unknownText(String model, OptionalLong version) {
        String which = version.isPresent() ? " version " + version.getAsLong() : "";
        return "Request for unknown model: '" + model + "'" + which + " is not found";
    }
}
