package io.opgraft.http.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opgraft.models.ModelStatus;
import io.opgraft.models.ModelStatus.State;
import io.opgraft.models.ModelStatus.VersionStatus;
import io.opgraft.models.Models;
import io.opgraft.models.UnknownModelException;
import io.opgraft.serving.BatchStatistics;
import io.opgraft.serving.ModelStatistics;
import io.opgraft.serving.Serving;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Answers what was asked of models, in the shape of Triton's statistics extension. */
final class StatisticsRoutes {
    private final Models models;
    private final Serving serving;

    StatisticsRoutes(Models models, Serving serving) {
        this.models = models;
        this.serving = serving;
    }

    /** Every version that is ready. */
    void all(Exchange exchange) {
        List<ModelStatistics> known = serving.statistics();
        List<ModelStatistics> shown = new ArrayList<>();
        for (ModelStatus model : models.list()) {
            for (VersionStatus version : model.versions()) {
                if (version.state() == State.READY) {
                    shown.add(find(known, model.name(), version.version()));
                }
            }
        }
        exchange.json(document(shown));
    }

    /** The versions of a model, ready or not. */
    void model(Exchange exchange, String name, OptionalLong number) throws HttpFailure {
        ModelStatus model;
        try {
            model = models.get(name);
        } catch (UnknownModelException e) {
            throw Names.unknown(name, OptionalLong.empty());
        }
        List<ModelStatistics> known = serving.statistics();
        List<ModelStatistics> shown = new ArrayList<>();
        for (VersionStatus version : model.versions()) {
            if (number.isEmpty() || number.getAsLong() == version.version()) {
                shown.add(find(known, name, version.version()));
            }
        }
        if (shown.isEmpty() && number.isPresent()) {
            throw Names.unknown(name, number);
        }
        exchange.json(document(shown));
    }

    private static ModelStatistics find(List<ModelStatistics> known, String model, long version) {
        return known.stream()
                .filter(one -> one.model().equals(model) && one.version() == version)
                .findFirst()
                .orElse(ModelStatistics.none(model, version));
    }

    private static byte[] document(List<ModelStatistics> all) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("model_stats");
            for (ModelStatistics one : all) {
                write(json, one);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ModelStatistics one) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", one.model());
        json.writeStringField("version", Long.toString(one.version()));
        json.writeNumberField("last_inference", one.lastMillis());
        json.writeNumberField("inference_count", one.inferences());
        json.writeNumberField("execution_count", one.executions());
        json.writeObjectFieldStart("inference_stats");
        duration(json, "success", one.successes(), one.successNanos());
        duration(json, "fail", one.failures(), one.failureNanos());
        duration(json, "queue", one.successes(), one.queueNanos());
        long computed = one.successes() - one.cache().hits();
        duration(json, "compute_input", computed, one.inputNanos());
        duration(json, "compute_infer", computed, one.inferNanos());
        duration(json, "compute_output", computed, one.outputNanos());
        duration(json, "cache_hit", one.cache().hits(), one.cache().hitNanos());
        duration(json, "cache_miss", one.cache().misses(), one.cache().missNanos());
        json.writeEndObject();
        // Only requests with many answers have any.
        json.writeObjectFieldStart("response_stats");
        json.writeEndObject();
        json.writeArrayFieldStart("batch_stats");
        for (BatchStatistics batch : one.batches()) {
            json.writeStartObject();
            json.writeNumberField("batch_size", batch.size());
            duration(json, "compute_input", batch.executions(), batch.inputNanos());
            duration(json, "compute_infer", batch.executions(), batch.inferNanos());
            duration(json, "compute_output", batch.executions(), batch.outputNanos());
            json.writeEndObject();
        }
        json.writeEndArray();
        // Backends do not tell the memory of a model.
        json.writeArrayFieldStart("memory_usage");
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void duration(JsonGenerator json, String field, long count, long nanos) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("count", count);
        json.writeNumberField("ns", nanos);
        json.writeEndObject();
    }
}
