package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.sink.MetadataSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Scylla has and what Postgres has get the same canonical bytes exactly when Postgres itself says that the one is what
 * the sink makes of the other.
 */
class CanonicalIT {
    private Connection postgres;

    @BeforeEach
    void connect() throws SQLException {
        postgres = DriverManager.getConnection(TestStack.get().endpoints().postgresJdbcUrl());
        MetadataSchema.create(postgres);
        execute("SET TIME ZONE 'Pacific/Auckland'");
    }

    @AfterEach
    void disconnect() throws SQLException {
        postgres.close();
    }

    @ParameterizedTest
    @MethodSource("io.github.scyllapgcdc.schema.CanonicalSamples#values")
    void valuesAreTheSameExactlyWhenPostgresSaysSo(CanonicalSamples.Values values) throws Exception {
        // Given the values as the sink writes them, null, and what somebody else wrote
        DataType type = CqlSamples.type(values.type());
        EventColumn column = CqlSamples.column(type);
        SqlType sql = SqlTypes.of(column.type(), values.policy());
        String columnType = values.column() == null ? sql.name() : values.column();
        execute("CREATE TEMP TABLE samples (id integer, v " + columnType + ")");
        List<String> names = new ArrayList<>();
        List<Object> inScylla = new ArrayList<>();
        for (String literal : values.literals()) {
            ByteBuffer bytes = CqlSamples.bytes(type, literal);
            names.add(literal);
            inScylla.add(CqlTypes.reader(type).read(bytes));
            insert(sql, names.size(), CqlSamples.asTheSinkHasIt(type, bytes));
        }
        names.add("null");
        inScylla.add(null);
        insert(sql, names.size(), null);
        for (String other : values.others()) {
            names.add(other);
            execute("INSERT INTO samples VALUES (" + names.size() + ", " + other + "::" + columnType + ")");
        }

        // When Postgres' are read in binary, and both are written in the canonical form
        SqlBinary.Reader reader = SqlBinary.reader(column.type(), columnType);
        Canonical.Writer writer = Canonical.of(column, values.policy());
        List<Object> inPostgres = new ArrayList<>();
        for (ByteBuffer bytes : BinaryCopy.column(postgres, "SELECT v FROM samples ORDER BY id")) {
            inPostgres.add(bytes == null ? null : reader.read(bytes));
        }

        // Then two values have the same bytes exactly when Postgres takes what is there for the same
        assertThat(inPostgres).hasSameSizeAs(names);
        Set<List<Integer>> equal = equalRows(columnType);
        for (int i = 0; i < inScylla.size(); i++) {
            String expected = hex(writer, inScylla.get(i));
            for (int j = 0; j < inPostgres.size(); j++) {
                assertThat(hex(writer, inPostgres.get(j)).equals(expected))
                        .as("Scylla's %s is Postgres' %s, read as %s", names.get(i), names.get(j), inPostgres.get(j))
                        .isEqualTo(equal.contains(List.of(i + 1, j + 1)));
            }
        }
        // and what was read can be written to Scylla again, and kept as a key in JSON
        KeyJson json = new KeyJson(List.of(column));
        for (int i = 0; i < values.literals().size(); i++) {
            if (!(inPostgres.get(i) instanceof UnlikeValue) && values.policy().equals(ValuePolicy.STRICT)) {
                ByteBuffer again = CqlTypes.writer(type).write(inPostgres.get(i));
                String expected = hex(writer, inScylla.get(i));
                assertThat(hex(writer, CqlTypes.reader(type).read(again))).isEqualTo(expected);
                assertThat(hex(writer, CqlSamples.asTheSinkHasIt(type, again))).isEqualTo(expected);
                String kept = throughJsonb(json.write(new Object[] {inScylla.get(i)}));
                assertThat(hex(writer, json.read(kept)[0])).as(kept).isEqualTo(expected);
            }
        }
    }

    @Test
    void durationsAreRoundedAsPostgresRoundsThem() throws Exception {
        // Given durations of all lengths, many of them half a microsecond from two others
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EventColumn column = CqlSamples.column(DataTypes.DURATION);
        SqlType sql = SqlTypes.of(column.type());
        execute("CREATE TEMP TABLE samples (id integer, v interval)");
        List<Object> durations = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long nanos = random.nextLong() >> random.nextInt(64);
            long value = i % 2 == 0 ? nanos : nanos / 1000 * 1000 + Long.signum(nanos) * 500L;
            ByteBuffer bytes = TypeCodecs.DURATION.encode(CqlDuration.newInstance(0, 0, value), ProtocolVersion.V5);
            durations.add(CqlTypes.reader(DataTypes.DURATION).read(bytes));
        }
        insertAll(sql, durations);

        // When they are read back
        SqlBinary.Reader reader = SqlBinary.reader(column.type(), "interval");
        List<ByteBuffer> read = BinaryCopy.column(postgres, "SELECT v FROM samples ORDER BY id");

        // Then they have become what we say
        Canonical.Writer writer = Canonical.of(column, ValuePolicy.STRICT);
        for (int i = 0; i < durations.size(); i++) {
            assertThat(hex(writer, reader.read(read.get(i))))
                    .as("%s, seed %d", durations.get(i), seed)
                    .isEqualTo(hex(writer, durations.get(i)));
        }
    }

    @Test
    void numbersOfAllLengthsAreReadAsTheyAre() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EventColumn column = CqlSamples.column(DataTypes.DECIMAL);
        execute("CREATE TEMP TABLE samples (id integer, v numeric)");
        List<Object> numbers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            numbers.add(new BigDecimal(
                    new BigInteger(random.nextInt(200), random)
                            .multiply(BigInteger.TEN.pow(random.nextInt(30)))
                            .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)),
                    random.nextInt(60)));
        }
        insertAll(SqlTypes.of(column.type()), numbers);

        SqlBinary.Reader reader = SqlBinary.reader(column.type(), "numeric");
        List<ByteBuffer> read = BinaryCopy.column(postgres, "SELECT v FROM samples ORDER BY id");

        for (int i = 0; i < numbers.size(); i++) {
            assertThat(reader.read(read.get(i))).as("seed %d", seed).isEqualTo(numbers.get(i));
        }
    }

    private void insert(SqlType sql, int id, Object value) throws SQLException {
        Object[] elements = sql.newArray(1);
        elements[0] = sql.toElement(value);
        insert(sql, Integer.toString(id), elements);
    }

    private void insertAll(SqlType sql, List<Object> values) throws SQLException {
        Object[] elements = sql.newArray(values.size());
        for (int i = 0; i < elements.length; i++) {
            elements[i] = sql.toElement(values.get(i));
        }
        insert(sql, "n", elements);
    }

    private void insert(SqlType sql, String id, Object[] elements) throws SQLException {
        try (PreparedStatement insert = postgres.prepareStatement("INSERT INTO samples SELECT " + id + ", "
                + sql.expression("e") + " FROM unnest(?::" + sql.element() + "[]) WITH ORDINALITY AS t (e, n)")) {
            insert.setArray(1, postgres.createArrayOf(sql.element(), elements));
            insert.executeUpdate();
        }
    }

    /** Pairs of ids. Postgres takes a month for 30 days; events do not. */
    private Set<List<Integer>> equalRows(String type) throws SQLException {
        String cast = type.startsWith("interval") ? "::text" : "";
        Set<List<Integer>> pairs = new HashSet<>();
        try (ResultSet rows = postgres.createStatement()
                .executeQuery("SELECT a.id, b.id FROM samples AS a JOIN samples AS b ON a.v" + cast
                        + " IS NOT DISTINCT FROM b.v" + cast)) {
            while (rows.next()) {
                pairs.add(List.of(rows.getInt(1), rows.getInt(2)));
            }
        }
        return pairs;
    }

    private String throughJsonb(String json) throws SQLException {
        try (PreparedStatement select = postgres.prepareStatement("SELECT ?::jsonb::text")) {
            select.setString(1, json);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        postgres.createStatement().execute(sql);
    }

    private static String hex(Canonical.Writer writer, Object value) {
        CanonicalBuffer buffer = new CanonicalBuffer();
        writer.write(value, buffer);
        return HexFormat.of().formatHex(buffer.toByteArray());
    }
}
