package io.opgraft.http.internal;

/** Reads one value of a tensor. */
interface ElementReader {
    /**
     * Reads a value.
     *
     * @param in the first byte of the value is next; afterwards the first one behind it
     * @param first that byte, neither white space nor a bracket
     * @return null, or what is wrong with the value, to follow "value 7 of 'data'"
     * @throws HttpFailure if there is no JSON value
     */
    String read(JsonWindow in, int first) throws HttpFailure;

    /**
     * Reads values as long as that is quick, each with the comma that follows it.
     *
     * @param in the first byte of a value is next, or a space before it; so it is afterwards
     * @param most how many there may be
     * @return how many it read; what is next may be anything
     */
    default int readRun(JsonWindow in, long most) {
        return 0;
    }
}
