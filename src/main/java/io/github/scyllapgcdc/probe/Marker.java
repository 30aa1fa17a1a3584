package io.github.scyllapgcdc.probe;

import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.sink.sql.Identifiers;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A row that nobody else has: its primary key alone, of which at least one column holds a value out of so many that it is not met by
 * chance.
 *
 * @param columns the key's columns
 * @param values what it has there, as the driver takes them
 */
record Marker(TableId table, List<String> columns, List<Object> values) {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Below what an application counts from. */
    private static final long BELOW = Long.MIN_VALUE / 2;

    private static final Map<DataType, Supplier<Object>> UNIQUE = Map.of(
            DataTypes.INT, () -> Integer.MIN_VALUE + RANDOM.nextInt(1 << 30),
            DataTypes.TEXT, Marker::text,
            DataTypes.ASCII, Marker::text,
            DataTypes.UUID, UUID::randomUUID,
            DataTypes.BIGINT, () -> BELOW + RANDOM.nextInt(Integer.MAX_VALUE) * 1_000_003L,
            DataTypes.VARINT, () -> new BigInteger(100, RANDOM).negate(),
            DataTypes.BLOB, () -> ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)));

    private static final Map<DataType, Supplier<Object>> OTHERS = Map.of(
            DataTypes.SMALLINT, () -> (short) -1,
            DataTypes.TINYINT, () -> (byte) -1,
            DataTypes.BOOLEAN, () -> false,
            DataTypes.DECIMAL, () -> new BigDecimal(new BigInteger(60, RANDOM).negate()),
            DataTypes.TIMESTAMP, () -> Instant.ofEpochMilli(RANDOM.nextInt(Integer.MAX_VALUE)),
            DataTypes.DATE, () -> LocalDate.EPOCH,
            DataTypes.TIME, () -> LocalTime.MIDNIGHT);

    private static String text() {
        return "cdc-latency-" + UUID.randomUUID();
    }

    /**
     * A new marker of a table.
     *
     * @throws ProbeException if its key has no column whose values can be told from an application's
     */
    static Marker of(TableId table, TableMetadata metadata) {
        List<String> columns = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        boolean unique = false;
        for (ColumnMetadata column : metadata.getPrimaryKey()) {
            DataType type = column.getType();
            unique |= UNIQUE.containsKey(type);
            Supplier<Object> value = UNIQUE.getOrDefault(type, OTHERS.get(type));
            String name = column.getName().asInternal();
            if (value == null) {
                throw new ProbeException("table " + table + " can't be probed: no marker has a key column " + name
                        + " of type " + type.asCql(false, true));
            }
            columns.add(name);
            values.add(value.get());
        }
        if (!unique) {
            throw new ProbeException(
                    "table " + table + " can't be probed: a marker row could be a row of yours, since no key"
                            + " column is of type text, ascii, uuid, int, bigint, varint or blob");
        }
        return new Marker(table, columns, values);
    }

    String insert() {
        return "INSERT INTO " + quoted(table) + " (" + names(", ", "") + ") VALUES ("
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
    }

    String delete() {
        return "DELETE FROM " + quoted(table) + " WHERE " + names(" AND ", " = ?");
    }

    /** Asks Postgres whether it has a row of this key. */
    String exists(TableName target) {
        return "SELECT EXISTS (SELECT FROM " + target.quoted() + " WHERE " + names(" AND ", " = ?") + ")";
    }

    /** The values, as JDBC takes them. */
    List<Object> sqlValues() {
        return values.stream()
                .map(value -> {
                    if (value instanceof Instant instant) {
                        return instant.atOffset(ZoneOffset.UTC);
                    }
                    if (value instanceof BigInteger number) {
                        return new BigDecimal(number);
                    }
                    if (value instanceof Byte number) {
                        return (Object) number.shortValue();
                    }
                    return value instanceof ByteBuffer bytes ? bytes(bytes) : value;
                })
                .toList();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String quoted(TableId table) {
        return Identifiers.quote(table.keyspace()) + "." + Identifiers.quote(table.name());
    }

    private String names(String between, String after) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> Identifiers.quote(columns.get(i)) + after)
                .collect(Collectors.joining(between));
    }
}
