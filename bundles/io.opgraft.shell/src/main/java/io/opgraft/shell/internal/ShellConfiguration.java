package io.opgraft.shell.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the shell socket, PID {@code io.opgraft.shell}. */
@ObjectClassDefinition(name = "Opgraft shell")
@interface ShellConfiguration {
    /** Absolute path of the Unix-domain socket; empty: {@code shell.sock} in the data directory. */
    @AttributeDefinition(
            description = "Absolute path of the Unix-domain socket; empty: shell.sock in the data directory")
    String socket() default "";
}
