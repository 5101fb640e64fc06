package io.opgraft.launcher;

import io.opgraft.launcher.server.ControlMode;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a control mode in the lower-case form of the command line. */
final class ControlModeConverter implements ITypeConverter<ControlMode> {
    @Override
    public ControlMode convert(String value) {
        return Arrays.stream(ControlMode.values())
                .filter(mode -> mode.text().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of "
                        + Arrays.stream(ControlMode.values())
                                .map(ControlMode::text)
                                .collect(Collectors.joining(", "))
                        + " but was '" + value + "'"));
    }
}
