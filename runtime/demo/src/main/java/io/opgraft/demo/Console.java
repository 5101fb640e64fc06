package io.opgraft.demo;

import java.io.PrintStream;

/** What the demo prints: chapters, and lines below them. */
final class Console {
    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.println();
        out.println("== " + title);
        out.flush();
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Prints a checked line and gives the check's result back. */
    boolean check(boolean right, String text) {
        line((right ? "  ok     " : "  WRONG  ") + text);
        return right;
    }
}
