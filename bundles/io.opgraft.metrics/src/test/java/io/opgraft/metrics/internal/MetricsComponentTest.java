package io.opgraft.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opgraft.models.WiringListener;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class MetricsComponentTest {
    private final List<String> events = new ArrayList<>();

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> null;
                    case "registerService" -> {
                        if (arguments[0] == WiringListener.class) {
                            events.add("listener");
                            yield registration();
                        }
                        Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
                        events.add(properties.get(MetricsComponent.ENDPOINT) + " " + ((URI) arguments[1]).getPath());
                        yield registration();
                    }
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private ServiceRegistration<?> registration() {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                ServiceRegistration.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (self, method, arguments) -> {
                    events.add(method.getName());
                    return null;
                });
    }

    private MetricsComponent component(int port) {
        MetricsConfig config = Fakes.proxy(MetricsConfig.class, Map.of("address", "127.0.0.1", "port", port));
        return new MetricsComponent(context(), Fakes.models(), Fakes.changes(), Fakes.ops(), Fakes.serving(), config);
    }

    @Test
    void theAddressIsAServiceForAsLongAsItIsThere() {
        Fakes.clear();
        component(0).close();
        assertEquals(List.of("listener", "metrics /metrics", "unregister", "unregister"), events);
    }

    @Test
    void withoutAPortTheServerGoesOn() throws Exception {
        Fakes.clear();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            component(taken.getLocalPort()).close();
        }
        assertEquals(List.of("listener", "unregister"), events);
    }
}
