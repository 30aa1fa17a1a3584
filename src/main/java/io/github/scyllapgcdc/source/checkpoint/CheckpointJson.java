package io.github.scyllapgcdc.source.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Checkpoint records as bytes: the key as text, the value as JSON, so that an operator can read the topic. */
public final class CheckpointJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private CheckpointJson() {}

    public static byte[] key(CheckpointRecord record) {
        return record.key().toString().getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] value(CheckpointRecord record) {
        try {
            return JSON.writeValueAsBytes(record.value());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of text and numbers can always be written as JSON", e);
        }
    }

    /**
     * Reads a record; empty if its key is of no known kind, or it has no value.
     *
     * @throws IllegalArgumentException if the value is not what its key promises
     */
    public static Optional<CheckpointRecord> read(byte[] key, byte[] value) {
        if (key == null || value == null) {
            return Optional.empty();
        }
        return CheckpointKey.parse(new String(key, StandardCharsets.UTF_8))
                .map(parsed -> new CheckpointRecord(parsed, value(parsed, value)));
    }

    private static CheckpointValue value(CheckpointKey key, byte[] value) {
        Class<? extends CheckpointValue> type = CheckpointValue.Watermark.class;
        if (key instanceof CheckpointKey.Topic) {
            type = CheckpointValue.Topic.class;
        } else if (key instanceof CheckpointKey.Task) {
            type = CheckpointValue.Task.class;
        } else if (key instanceof CheckpointKey.Group) {
            type = CheckpointValue.Group.class;
        } else if (key instanceof CheckpointKey.Load) {
            type = CheckpointValue.Load.class;
        } else if (key instanceof CheckpointKey.Refresh) {
            type = CheckpointValue.Refresh.class;
        }
        try {
            return JSON.readValue(value, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("the checkpoint " + key + " is damaged", e);
        }
    }
}
