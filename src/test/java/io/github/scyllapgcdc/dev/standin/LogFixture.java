package io.github.scyllapgcdc.dev.standin;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A golden fixture: statements that make a table, the statements it is about, and the log rows they must make. A line is a
 * statement or a row; {@code $t} is the table and {@code $k} its keyspace.
 *
 * @param setup before the statements that count; what these log is not looked at
 */
record LogFixture(List<String> setup, List<String> statements, String expected) {
    private static final Set<String> SHOWN_FIRST =
            Set.of("cdc$stream_id", "cdc$time", "cdc$batch_seq_no", "cdc$operation", "cdc$end_of_batch", "cdc$ttl");

    static LogFixture read(Path file) throws IOException {
        List<List<String>> sections = new ArrayList<>(List.of(new ArrayList<>()));
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.startsWith("===")) {
                sections.add(new ArrayList<>());
            } else if (!line.isBlank() && !line.startsWith("--")) {
                sections.get(sections.size() - 1).add(line);
            }
        }
        return new LogFixture(sections.get(0), sections.get(1), String.join("\n", sections.get(2)));
    }

    /** Runs the fixture in a keyspace and returns the log rows, in the form of {@link #expected}. */
    String run(CqlSession session, String keyspace, String table) {
        session.execute("USE " + keyspace);
        setup.forEach(statement -> session.execute(named(statement, keyspace, table)));
        String select = "SELECT * FROM " + keyspace + "." + table + "_scylla_cdc_log";
        Set<UUID> ofSetup =
                session.execute(select).all().stream().map(LogFixture::time).collect(Collectors.toSet());
        statements.forEach(statement -> session.execute(named(statement, keyspace, table)));
        return render(session.execute(select).all().stream()
                .filter(row -> !ofSetup.contains(time(row)))
                .toList());
    }

    private static UUID time(Row row) {
        return row.getUuid(quoted("cdc$time"));
    }

    private static String named(String statement, String keyspace, String table) {
        return statement.replace("$t", keyspace + "." + table).replace("$k", keyspace);
    }

    /** One line a row, {@code #n} for the n-th {@code cdc$time}; UUIDs, which are new each time, are not shown. */
    static String render(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        Object time = null;
        int group = -1;
        for (Row row : rows) {
            if (!Objects.equals(time, time(row))) {
                time = time(row);
                group++;
            }
            StringBuilder line = new StringBuilder("#%d seq=%d op=%d end=%s ttl=%s:"
                    .formatted(
                            group,
                            row.getInt(quoted("cdc$batch_seq_no")),
                            row.getByte(quoted("cdc$operation")),
                            row.get(quoted("cdc$end_of_batch"), Boolean.class),
                            row.get(quoted("cdc$ttl"), Long.class)));
            values(row)
                    .forEach((name, value) ->
                            line.append(' ').append(name).append('=').append(value));
            lines.add(line.toString());
        }
        return String.join("\n", lines)
                .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>");
    }

    private static TreeMap<String, String> values(Row row) {
        TreeMap<String, String> values = new TreeMap<>();
        for (ColumnDefinition column : row.getColumnDefinitions()) {
            String name = column.getName().asInternal();
            if (!SHOWN_FIRST.contains(name) && !row.isNull(column.getName())) {
                TypeCodec<Object> codec = row.codecRegistry().codecFor(column.getType());
                values.put(name, codec.format(row.get(column.getName(), codec)));
            }
        }
        return values;
    }

    private static CqlIdentifier quoted(String name) {
        return CqlIdentifier.fromInternal(name);
    }
}
