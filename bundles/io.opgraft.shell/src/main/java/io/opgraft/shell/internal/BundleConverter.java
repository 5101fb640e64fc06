package io.opgraft.shell.internal;

import java.util.Arrays;
import java.util.List;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets commands take a bundle by id, symbolic name, {@code name/version} or location. Felix brings this only with its own
 * interactive shell, which a server must not run.
 */
@Component(
        service = Converter.class,
        property = {
            Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle",
        })
public final class BundleConverter implements Converter {
    private final BundleContext context;

    /**
     * Makes the converter.
     *
     * @param context knows the bundles
     */
    @Activate
    public BundleConverter(BundleContext context) {
        this.context = context;
    }

    @Override
    public Object convert(Class<?> type, Object value) {
        if (type != Bundle.class) {
            return null;
        }
        String text = String.valueOf(value);
        if (text.matches("\\d{1,18}")) {
            return context.getBundle(Long.parseLong(text));
        }
        List<Bundle> found = named(context, text);
        // Null means "cannot"; which of several bundles is meant is not for us to guess.
        return found.size() == 1 ? found.get(0) : null;
    }

    /**
     * The bundles that a text names, other than by id.
     *
     * @param context knows the bundles
     * @param text symbolic name, {@code name/version} or location
     * @return several if they share a symbolic name
     */
    public static List<Bundle> named(BundleContext context, String text) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> text.equals(bundle.getSymbolicName())
                        || text.equals(bundle.getSymbolicName() + "/" + bundle.getVersion())
                        || text.equals(bundle.getLocation()))
                .toList();
    }

    @Override
    public CharSequence format(Object target, int level, Converter escape) {
        if (target instanceof Bundle bundle) {
            return bundle.getBundleId() + " " + bundle.getSymbolicName() + "/" + bundle.getVersion();
        }
        return null;
    }
}
