package io.opgraft.ops.internal;

/**
 * One op library of a bundle, as a capability or a service describes it.
 *
 * @param candidate what it says, as far as it can be read
 * @param folder the folder of its files, with a slash at the end; empty if they are given otherwise
 * @param path of the library in that folder; empty if it is refused
 * @param refusal what is wrong with the capability; empty if nothing is
 */
record Declared(Candidate candidate, String folder, String path, String refusal) {
    static Declared refused(Candidate candidate, String refusal) {
        return new Declared(candidate, "", "", refusal);
    }

    boolean valid() {
        return refusal.isEmpty();
    }

    String entry() {
        return folder + path;
    }

    String absent() {
        return "its library " + entry() + " is not in the bundle; check the path in Provide-Capability";
    }
}
