package io.opgraft.ops;

/**
 * Where an op library comes from.
 *
 * @param location the bundle's location in the framework
 * @param vendor its Bundle-Vendor, or empty
 * @param licence its Bundle-License, or empty
 */
public record OpOrigin(String location, String vendor, String licence) {
    /** Nothing is known. */
    public static final OpOrigin NONE = new OpOrigin("", "", "");

    /** How the locations of bundles begin that belong to models: no other model may use them. */
    public static final String PRIVATE_LOCATION = "opgraft-model:";

    /**
     * Whether only the models that carry the bundle may use it.
     *
     * @return true if the bundle was installed for models
     */
    public boolean isPrivate() {
        return location.startsWith(PRIVATE_LOCATION);
    }
}
