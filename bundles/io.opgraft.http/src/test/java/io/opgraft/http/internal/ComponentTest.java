package io.opgraft.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class ComponentTest {
    /** A service that is registered, with its properties. */
    private record Service(Class<?> type, Object object, Dictionary<?, ?> properties) {}

    private final List<Service> services = new CopyOnWriteArrayList<>();
    private final FakeModels models = new FakeModels();

    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(
            BundleContext.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getProperty" -> "9.9";
                case "registerService" ->
                    register(new Service((Class<?>) arguments[0], arguments[1], (Dictionary<?, ?>) arguments[2]));
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private ServiceRegistration<?> register(Service service) {
        services.add(service);
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                ServiceRegistration.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> {
                    services.remove(service);
                    return null;
                });
    }

    private HttpComponent start(Map<String, Object> settings) {
        return new HttpComponent(context, models, models, null, null, TestServer.config(settings));
    }

    @Test
    void publishesItsAddress() throws Exception {
        HttpComponent component = start(Map.of("serverName", "mine"));
        try {
            assertEquals(1, services.size());
            Service service = services.get(0);
            assertEquals(URI.class, service.type());
            assertEquals("http", service.properties().get("opgraft.endpoint"));
            URI uri = (URI) service.object();
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri.resolve("/v2")).build(), HttpResponse.BodyHandlers.ofString());
            assertTrue(answer.body().startsWith("{\"name\":\"mine\",\"version\":\"9.9\""), answer.body());
        } finally {
            component.close();
        }
        assertEquals(List.of(), services);
    }

    @Test
    void addressComesAfterTheFirstPass() {
        models.started = new CompletableFuture<>();
        HttpComponent component = start(Map.of());
        assertEquals(List.of(), services);
        models.started.complete(null);
        assertEquals(1, services.size());
        component.close();
        assertEquals(List.of(), services);
    }

    @Test
    void noAddressAfterClosing() {
        models.started = new CompletableFuture<>();
        start(Map.of()).close();
        models.started.complete(null);
        assertEquals(List.of(), services);
    }

    @Test
    void saysWhyItDoesNotListen() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpComponent component = start(Map.of("port", other.getLocalPort()));
            Service service = services.get(0);
            assertEquals(String.class, service.type());
            assertEquals("http", service.properties().get("opgraft.endpoint.error"));
            assertTrue(service.object().toString().contains("choose another with --http-port"));
            component.close();
            assertEquals(List.of(), services);
        }
    }

    /** What ConfigurationAdmin does when the port changes. */
    @Test
    void movesToAnotherPort() {
        HttpComponent first = start(Map.of());
        Object before = services.get(0).object();
        first.close();
        HttpComponent second = start(Map.of());
        assertTrue(services.get(0).object() instanceof URI && before instanceof URI);
        second.close();
    }
}
