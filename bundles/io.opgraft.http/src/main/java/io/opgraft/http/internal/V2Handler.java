package io.opgraft.http.internal;

import io.opgraft.serving.Serving;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the operation that a path and method name. */
final class V2Handler extends Handler.Abstract {
    private static final List<String> GET = List.of("GET", "HEAD", "OPTIONS");
    private static final List<String> POST = List.of("POST", "OPTIONS");
    private static final List<String> SETTINGS = List.of("GET", "HEAD", "POST", "OPTIONS");
    private static final Set<String> SHARED_MEMORY =
            Set.of("systemsharedmemory", "cudasharedmemory", "xpusharedmemory");

    /** Larger bodies for models that do not exist are refused before they are read. */
    private static final int SMALL_BODY = 64 * 1024;

    /** What answers a request. */
    private interface Operation {
        void run(Exchange exchange) throws HttpFailure;
    }

    private final Serving serving;
    private final MetadataRoutes metadata;
    private final WiringRoutes wiring;
    private final StatisticsRoutes statistics;
    private final RepositoryRoutes repository;
    private final SettingsRoutes settings;
    private final BodyLimits limits;
    private final Gate gate;

    V2Handler(
            Serving serving,
            MetadataRoutes metadata,
            WiringRoutes wiring,
            StatisticsRoutes statistics,
            RepositoryRoutes repository,
            SettingsRoutes settings,
            BodyLimits limits,
            Gate gate) {
        this.serving = serving;
        this.metadata = metadata;
        this.wiring = wiring;
        this.statistics = statistics;
        this.repository = repository;
        this.settings = settings;
        this.limits = limits;
        this.gate = gate;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        gate.note(exchange);
        try {
            List<String> path = Routes.split(path(request));
            if (path.isEmpty() || !path.get(0).equals("v2")) {
                throw notFound(exchange);
            }
            route(exchange, path);
        } catch (HttpFailure e) {
            BodyReader.refuse(exchange, limits, e);
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
        return true;
    }

    /** The path as sent; requests of other kinds, such as CONNECT, have none. */
    private static String path(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null ? "" : path;
    }

    private void route(Exchange exchange, List<String> path) throws HttpFailure {
        int n = path.size();
        String first = n > 1 ? path.get(1) : "";
        if (n == 1) {
            getNow(exchange, metadata::server);
        } else if (SHARED_MEMORY.contains(first)) {
            throw HttpFailure.unsupported("shared memory", "send the tensors in the request");
        } else if (n == 2 && first.equals("logging")) {
            settings(exchange, settings::log);
        } else if (n == 3 && first.equals("trace") && path.get(2).equals("setting")) {
            settings(exchange, settings::trace);
        } else if (n == 3 && first.equals("health") && path.get(2).equals("live")) {
            getNow(exchange, e -> e.empty(200));
        } else if (n == 3 && first.equals("health") && path.get(2).equals("ready")) {
            getNow(exchange, metadata::ready);
        } else if (n == 2 && first.equals("wiring")) {
            get(exchange, wiring::all);
        } else if (n == 3 && first.equals("models") && path.get(2).equals("stats")) {
            get(exchange, statistics::all);
        } else if (n >= 3 && first.equals("models")) {
            model(exchange, Routes.model(path.get(2)), path.subList(3, n));
        } else if (n == 3 && first.equals("repository") && path.get(2).equals("index")) {
            post(exchange, Right.READ, repository::index);
        } else if (n == 4 && first.equals("repository") && path.get(3).equals("index")) {
            // As in Triton, whatever the repository is called.
            Routes.repository(path.get(2));
            post(exchange, Right.READ, repository::index);
        } else if (n == 6 && first.equals("repository") && path.get(3).equals("models")) {
            throw HttpFailure.unsupported("naming a repository", "use /v2/repository/models/MODEL/load or /unload");
        } else if (n == 5 && first.equals("repository") && path.get(2).equals("models")) {
            control(exchange, path.get(3), path.get(4));
        } else {
            throw notFound(exchange);
        }
    }

    private void model(Exchange exchange, String name, List<String> path) throws HttpFailure {
        List<String> rest = path;
        OptionalLong version = OptionalLong.empty();
        if (rest.size() >= 2 && rest.get(0).equals("versions")) {
            version = OptionalLong.of(Routes.version(name, rest.get(1)));
            rest = rest.subList(2, rest.size());
        }
        OptionalLong wanted = version;
        exchange.notes.model(name, version);
        String what = rest.size() == 1 ? rest.get(0) : String.join("/", rest);
        switch (what) {
            case "" -> get(exchange, e -> metadata.model(e, name, wanted));
            case "ready" -> get(exchange, e -> metadata.modelReady(e, name, wanted));
            case "config" -> get(exchange, e -> metadata.config(e, name, wanted));
            case "wiring" -> get(exchange, e -> wiring.model(e, name, wanted));
            case "bom" -> get(exchange, e -> wiring.bill(e, name, wanted));
            case "infer" -> post(exchange, Right.INFER, e -> infer(e, name, wanted));
            case "stats" -> get(exchange, e -> statistics.model(e, name, wanted));
            case "trace/setting" -> {
                metadata.checkKnown(name, wanted);
                settings(exchange, settings::trace);
            }
            case "generate", "generate_stream" ->
                throw HttpFailure.unsupported(what, "a request gets exactly one answer; use POST .../infer");
            default -> throw notFound(exchange);
        }
    }

    private void infer(Exchange exchange, String name, OptionalLong version) throws HttpFailure {
        if (isWorthAsking(exchange)) {
            metadata.checkKnown(name, version);
        }
        Admission.Ticket ticket = gate.admit(exchange);
        Exchange admitted = exchange.withEnd(ticket::close);
        try {
            InferOperation.start(admitted, serving, name, version, limits, ticket);
        } catch (HttpFailure | RuntimeException | Error e) {
            BodyReader.refuse(admitted, limits, e);
        }
    }

    /** Whether the body is worth a look at whether there is such a model; else that is seen when it has arrived. */
    private static boolean isWorthAsking(Exchange exchange) {
        long length = exchange.request.getLength();
        return length < 0
                || length > SMALL_BODY
                || exchange.request.getHeaders().contains(HttpHeader.EXPECT);
    }

    private void control(Exchange exchange, String name, String what) throws HttpFailure {
        String model = Routes.model(name);
        exchange.notes.model(model, OptionalLong.empty());
        switch (what) {
            case "load" -> post(exchange, Right.CONTROL, e -> repository.load(gate.control(e), model));
            case "unload" -> post(exchange, Right.CONTROL, e -> repository.unload(gate.control(e), model));
            default -> throw notFound(exchange);
        }
    }

    /** For what answers without waiting for anything. */
    private void getNow(Exchange exchange, Operation operation) throws HttpFailure {
        allow(exchange, GET, Right.READ, operation);
    }

    private void get(Exchange exchange, Operation operation) throws HttpFailure {
        allow(
                exchange,
                GET,
                Right.READ,
                e -> e.execute(() -> {
                    try {
                        operation.run(e);
                    } catch (HttpFailure | RuntimeException | Error failure) {
                        BodyReader.refuse(e, limits, failure);
                    }
                }));
    }

    private void post(Exchange exchange, Right right, Operation operation) throws HttpFailure {
        allow(exchange, POST, right, operation);
    }

    private void settings(Exchange exchange, Operation operation) throws HttpFailure {
        boolean change = exchange.request.getMethod().equals("POST");
        allow(exchange, SETTINGS, change ? Right.CONTROL : Right.READ, operation);
    }

    /** The only way to an operation: nothing runs that the caller has no right to. */
    private void allow(Exchange exchange, List<String> methods, Right right, Operation operation) throws HttpFailure {
        String method = exchange.request.getMethod();
        if (method.equals("OPTIONS")) {
            exchange.response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", methods));
            exchange.empty(200);
        } else if (methods.contains(method)) {
            try {
                gate.check(right, exchange);
                operation.run(exchange);
            } catch (HttpFailure e) {
                // With its body read, so that the client sees the answer.
                BodyReader.refuse(exchange, limits, e);
            }
        } else {
            String allowed = String.join(", ", methods);
            exchange.response.getHeaders().put(HttpHeader.ALLOW, allowed);
            throw new HttpFailure(405, "method " + Json.quote(method) + " is not allowed here; allowed are " + allowed);
        }
    }

    private static HttpFailure notFound(Exchange exchange) {
        return new HttpFailure(404, "there is nothing at " + Json.quote(path(exchange.request)));
    }
}
