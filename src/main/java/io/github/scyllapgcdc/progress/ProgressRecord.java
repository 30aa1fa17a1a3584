package io.github.scyllapgcdc.progress;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What one task of a table's source says of itself. The Kafka key is text, {@code <topic>/<kind>/<task>}, the value JSON.
 */
public sealed interface ProgressRecord {

    /** The table's topic. */
    @JsonIgnore
    String topic();

    /** Which of the table's tasks, counted from 0. */
    @JsonIgnore
    int task();

    /** How many tasks the table is shared among. */
    int tasks();

    /** How the key names this kind of record. */
    @JsonIgnore
    String kind();

    /**
     * Every change of the task's share that is older than this is committed in the table's topic.
     *
     * @param until exclusive, by the changes' timestamps, milliseconds since 1970
     * @param refreshed the task has served every request of {@code cdc-refresh} before this offset, and what it published for
     *     them is committed
     */
    record Watermark(@JsonIgnore String topic, @JsonIgnore int task, int tasks, long until, long refreshed)
            implements ProgressRecord {
        static final String KIND = "watermark";

        @Override
        public String kind() {
            return KIND;
        }
    }

    /**
     * A load of the task's existing rows.
     *
     * @param id names the load; the change id of every row that it publishes begins with it
     * @param reload whether rows may have been published before, so that a reader may hold some that are gone by now
     */
    record Load(@JsonIgnore String topic, @JsonIgnore int task, int tasks, String id, boolean reload, State state)
            implements ProgressRecord {
        static final String KIND = "load";

        /** How far a load is. */
        public enum State {
            /** Its rows are on their way. */
            @JsonProperty("begun")
            BEGUN,
            /** All its rows are committed in the table's topic. */
            @JsonProperty("done")
            DONE
        }

        @Override
        public String kind() {
            return KIND;
        }
    }

    /** The record's key in Kafka. */
    default byte[] key() {
        return (topic() + '/' + kind() + '/' + task()).getBytes(StandardCharsets.UTF_8);
    }

    /** The record's value in Kafka. */
    default byte[] value() {
        try {
            return Json.MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of text and numbers can always be written as JSON", e);
        }
    }

    /**
     * Reads a record; empty if its key is of no kind known here, as a later version may write, or it has no value.
     *
     * @throws IllegalArgumentException if the value is not what its key promises
     */
    static Optional<ProgressRecord> read(byte[] key, byte[] value) {
        if (key == null || value == null) {
            return Optional.empty();
        }
        String text = new String(key, StandardCharsets.UTF_8);
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            int task = Integer.parseInt(parts[2]);
            JsonNode json = Json.MAPPER.readTree(value);
            return switch (parts[1]) {
                case Watermark.KIND ->
                    Optional.of(new Watermark(
                            parts[0],
                            task,
                            Json.tasks(json),
                            Json.require(json, "until").longValue(),
                            json.path("refreshed").longValue())); // earlier versions did not tell
                case Load.KIND ->
                    Optional.of(new Load(
                            parts[0],
                            task,
                            Json.tasks(json),
                            Json.require(json, "id").asText(),
                            Json.require(json, "reload").booleanValue(),
                            Json.MAPPER.treeToValue(Json.require(json, "state"), Load.State.class)));
                default -> Optional.empty();
            };
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the progress record " + text + " is damaged: " + e.getMessage(), e);
        }
    }

    /** How records are written. */
    final class Json {
        private static final ObjectMapper MAPPER = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        private Json() {}

        private static int tasks(JsonNode json) {
            return require(json, "tasks").intValue();
        }

        private static JsonNode require(JsonNode json, String field) {
            JsonNode value = json.get(field);
            if (value == null || value.isNull()) {
                throw new IllegalArgumentException("it has no " + field);
            }
            return value;
        }
    }
}
