package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.dev.TestLibraries;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EncodedEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Any consumer of the topics can use Confluent's own deserializer. */
class ConfluentInteropIT {
    private static final String DESERIALIZER = "org.apache.pinot:pinot-confluent-avro:jar:shaded:1.5.0";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void confluentsDeserializerReadsOurEvents() throws Exception {
        // Given events written with a real registry
        String registryUrl = TestStack.get().endpoints().registryUrl();
        EventCodec codec = new EventCodec(new ConfluentRegistry(registryUrl, Login.none(), Optional.empty()));
        EventSchema schema = EventSchema.of(
                new TableId("interop", "people"),
                List.of(
                        new EventColumn("id", Kind.PARTITION_KEY, EventTypes.plain(Schema.Type.LONG), "bigint"),
                        new EventColumn("name", Kind.REGULAR, EventTypes.plain(Schema.Type.STRING), "text"),
                        new EventColumn("age", Kind.REGULAR, EventTypes.plain(Schema.Type.INT), "int")));
        BitSet nameOnly = new BitSet();
        nameOnly.set(0);
        SourcePosition position = new SourcePosition(1_700_000_000_123_456L, "ab", "ab:time:0", 5);
        EncodedEvent update = codec.encode(new ChangeEvent(
                schema,
                Operation.UPDATE,
                new Object[] {7L},
                new Object[] {"Ann", null},
                nameOnly,
                null,
                null,
                position));
        EncodedEvent delete = codec.encode(
                new ChangeEvent(schema, Operation.DELETE, new Object[] {7L}, null, new BitSet(), null, null, position));

        // When Confluent's deserializer reads them
        List<JsonNode> read = readWithConfluent(
                registryUrl, line("key", update.key()), line("value", update.value()), line("value", delete.value()));

        // Then it sees what was written
        assertThat(read.get(0).path("id").asLong()).isEqualTo(7);
        assertThat(read.get(1).path("op").asText()).isEqualTo("u");
        assertThat(read.get(1).path("after").path("name").asText()).isEqualTo("Ann");
        assertThat(read.get(1).path("changed")).hasSize(1);
        assertThat(read.get(1).path("source").path("ts_us").asLong()).isEqualTo(position.tsMicros());
        assertThat(read.get(2).path("op").asText()).isEqualTo("d");
        assertThat(read.get(2).path("after").isNull()).isTrue();
    }

    static String line(String part, byte[] bytes) {
        return part + " interop.people " + HexFormat.of().formatHex(bytes);
    }

    static List<JsonNode> readWithConfluent(String registryUrl, String... lines) throws Exception {
        Path ours = Path.of(ConfluentReader.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        TestLibraries.file(DESERIALIZER) + File.pathSeparator + ours,
                        ConfluentReader.class.getName(),
                        registryUrl)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = reader.outputWriter(StandardCharsets.US_ASCII)) {
            in.write(String.join("\n", lines));
        }
        List<JsonNode> printed = reader.inputReader(StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.startsWith("{"))
                .map(ConfluentInteropIT::parse)
                .toList();
        assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed).hasSize(lines.length);
        return printed;
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
