package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.schema.CqlTypes;
import io.github.scyllapgcdc.schema.StaleTypeException;
import io.github.scyllapgcdc.source.log.TableShape;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the dead-letter topic says of a change that could not be published: which one, of which row, and why. The row's key is
 * there as CQL literals, so that the row can be looked up and published again.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final HexFormat HEX = HexFormat.of();

    private final ObjectMapper json = new ObjectMapper();
    private TableShape shape;

    DeadLetters(TableShape shape) {
        this.shape = shape;
    }

    void use(TableShape newShape) {
        shape = newShape;
    }

    EventSchema schema() {
        return shape.schema();
    }

    /** A key as events have it; empty if it can't be read, as that of a change whose very key is damaged. */
    Optional<Object[]> values(List<ByteBuffer> key) {
        List<EventColumn> columns = shape.schema().keyColumns();
        Object[] values = new Object[columns.size()];
        try {
            for (int i = 0; i < key.size(); i++) {
                if (key.get(i) != null) {
                    values[i] = CqlTypes.reader(shape.types().get(columns.get(i).name()))
                            .read(key.get(i));
                }
            }
        } catch (IllegalArgumentException
                | BufferUnderflowException
                | IndexOutOfBoundsException
                | StaleTypeException e) {
            return Optional.empty();
        }
        return Optional.of(values);
    }

    byte[] json(String changeId, String operation, List<ByteBuffer> key, String reason) {
        List<EventColumn> columns = shape.schema().keyColumns();
        Map<String, String> literals = new LinkedHashMap<>();
        for (int i = 0; i < key.size(); i++) {
            if (key.get(i) != null) {
                literals.put(columns.get(i).name(), literal(columns.get(i).name(), key.get(i)));
            }
        }
        Map<String, Object> letter = new LinkedHashMap<>();
        letter.put("table", shape.schema().table().toString());
        letter.put("changeId", changeId);
        letter.put("operation", operation);
        letter.put("key", literals);
        letter.put("cause", reason);
        letter.put("time", Instant.now().toString());
        LOG.warn(
                "change={} table={} dead-lettered: {}", changeId, shape.schema().table(), reason);
        try {
            return json.writeValueAsBytes(letter);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts can always be written as JSON", e);
        }
    }

    private String literal(String column, ByteBuffer bytes) {
        try {
            TypeCodec<Object> codec =
                    CodecRegistry.DEFAULT.codecFor(shape.types().get(column));
            return codec.format(codec.decode(bytes.duplicate(), ProtocolVersion.V4));
        } catch (RuntimeException e) { // the very bytes that could not be decoded
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            return "0x" + HEX.formatHex(copy);
        }
    }
}
