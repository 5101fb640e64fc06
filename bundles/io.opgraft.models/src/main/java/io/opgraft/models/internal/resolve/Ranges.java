package io.opgraft.models.internal.resolve;

import io.opgraft.models.internal.config.OpPin;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Version ranges as people write them. */
final class Ranges {
    private Ranges() {}

    /** {@code [3.0,4.0)} rather than {@code [3.0.0,4.0.0)}. */
    static String text(VersionRange range) {
        if (range.getRight() == null) {
            return brief(range.getLeft()) + " or higher";
        }
        return range.getLeftType() + brief(range.getLeft()) + "," + brief(range.getRight()) + range.getRightType();
    }

    private static String brief(Version v) {
        return v.getMicro() == 0 && v.getQualifier().isEmpty() ? v.getMajor() + "." + v.getMinor() : v.toString();
    }

    /** As in a remedy: {@code 3.x} where it spans one major version. */
    static String wanted(VersionRange range) {
        Version left = range.getLeft();
        Version nextMajor = new Version(left.getMajor() + 1, 0, 0);
        boolean wholeMajor = left.equals(new Version(left.getMajor(), 0, 0))
                && range.getLeftType() == VersionRange.LEFT_CLOSED
                && range.getRightType() == VersionRange.RIGHT_OPEN
                && nextMajor.equals(range.getRight());
        return wholeMajor ? left.getMajor() + ".x" : text(range);
    }

    /** What a pin asks for: {@code acme [1.0,2.0)}. */
    static String text(OpPin pin) {
        return pin.bundle()
                + (pin.range() == null ? "" : " " + text(pin.range()))
                + (pin.digest().isEmpty() ? "" : " with digest " + pin.digest());
    }

    /** The line of a configuration that takes a bundle from its version up to the next major one. */
    static String line(String bundle, Version v) {
        return "model_operations { op_library_filename: \"" + bundle + ";version='[" + v.getMajor() + "." + v.getMinor()
                + "," + (v.getMajor() + 1) + ".0)'\" }";
    }
}
