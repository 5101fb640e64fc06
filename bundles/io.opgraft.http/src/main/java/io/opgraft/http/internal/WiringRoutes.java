package io.opgraft.http.internal;

import io.opgraft.models.ModelStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.models.view.BillOfMaterials;
import io.opgraft.models.view.ModelVersion;
import io.opgraft.models.view.WiringDot;
import io.opgraft.models.view.WiringJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** Answers which op libraries compute models, or why none does. Models need not be ready for that. */
final class WiringRoutes {
    private static final String DOT = "text/vnd.graphviz;charset=utf-8";
    private static final String FORMAT = "format=";

    private final Models models;

    WiringRoutes(Models models) {
        this.models = models;
    }

    void all(Exchange exchange) throws HttpFailure {
        List<ModelVersion> versions = ModelVersion.all(models.list());
        if (wantsDot(exchange)) {
            dot(exchange, versions);
        } else {
            json(exchange, WiringJson.of(versions));
        }
    }

    void model(Exchange exchange, String name, OptionalLong number) throws HttpFailure {
        ModelVersion version = find(name, number);
        if (wantsDot(exchange)) {
            dot(exchange, List.of(version));
        } else {
            json(exchange, WiringJson.of(version));
        }
    }

    void bill(Exchange exchange, String name, OptionalLong number) throws HttpFailure {
        json(exchange, BillOfMaterials.json(find(name, number)));
    }

    private ModelVersion find(String name, OptionalLong number) throws HttpFailure {
        ModelStatus model;
        try {
            model = models.get(name);
        } catch (UnknownModelException e) {
            throw Names.unknown(name, OptionalLong.empty());
        }
        if (number.isEmpty()) {
            return ModelVersion.of(model);
        }
        return ModelVersion.of(model, number.getAsLong()).orElseThrow(() -> Names.unknown(name, number));
    }

    private static boolean wantsDot(Exchange exchange) throws HttpFailure {
        String query = exchange.request.getHttpURI().getQuery();
        boolean dot = false;
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            if (parameter.equals(FORMAT + "dot")) {
                dot = true;
            } else if (parameter.startsWith(FORMAT) && !parameter.equals(FORMAT + "json")) {
                throw HttpFailure.badRequest("the format " + Json.quote(parameter.substring(FORMAT.length()))
                        + " is not known; it is 'json' or 'dot'");
            }
        }
        return dot;
    }

    private static void json(Exchange exchange, String text) {
        exchange.json(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void dot(Exchange exchange, List<ModelVersion> versions) {
        exchange.body(DOT, WiringDot.of(versions).getBytes(StandardCharsets.UTF_8));
    }
}
