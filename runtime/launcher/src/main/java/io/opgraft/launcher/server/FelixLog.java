package io.opgraft.launcher.server;

import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;

/** Sends the framework's own messages to the log instead of stdout, which belongs to the ready line. */
final class FelixLog extends Logger {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("org.apache.felix.framework");

    @Override
    @SuppressWarnings("rawtypes") // the overridden method's own signature
    protected void doLog(Bundle bundle, ServiceReference reference, int level, String message, Throwable cause) {
        doLog(level, bundle == null ? message : bundle.getSymbolicName() + ": " + message, cause);
    }

    @Override
    protected void doLog(int level, String message, Throwable cause) {
        String line = cause == null ? message : message + ": " + Causes.text(cause);
        switch (level) {
            case LOG_ERROR -> LOG.error(line);
            case LOG_WARNING -> LOG.warn(line);
            case LOG_INFO -> LOG.info(line);
            default -> LOG.debug(line);
        }
        if (cause != null) {
            LOG.debug("Stack trace of the above", cause);
        }
    }
}
