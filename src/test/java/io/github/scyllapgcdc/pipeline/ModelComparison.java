package io.github.scyllapgcdc.pipeline;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.DataType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One table in both databases, column by column. */
final class ModelComparison {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String NO_SUCH_TABLE = "42P01";

    private final CqlSession scylla;
    private final Connection postgres;
    private final TableId id;
    private final List<String> partitionKey;
    private final List<String> clusteringKey;

    ModelComparison(CqlSession scylla, Connection postgres, TableId id) {
        this.scylla = scylla;
        this.postgres = postgres;
        this.id = id;
        TableMetadata table = scylla.getMetadata()
                .getKeyspace(id.keyspace())
                .flatMap(keyspace -> keyspace.getTable(id.name()))
                .orElseThrow(() -> new AssertionError("Scylla has no table " + id));
        this.partitionKey = names(table.getPartitionKey());
        this.clusteringKey = names(table.getClusteringColumns().keySet());
    }

    private static List<String> names(Collection<ColumnMetadata> columns) {
        return columns.stream().map(column -> column.getName().asInternal()).toList();
    }

    /**
     * The first row, by key, that differs.
     *
     * @param partition its partition, as statements name it
     * @param text what differs
     */
    record Difference(String partition, String text) {}

    Optional<Difference> firstDifference() throws SQLException {
        ResultSet selected = scylla.execute("SELECT * FROM " + id);
        Map<String, DataType> types = new LinkedHashMap<>();
        for (ColumnDefinition column : selected.getColumnDefinitions()) {
            types.put(column.getName().asInternal(), column.getType());
        }
        NavigableMap<String, ModelRow> expected = new TreeMap<>();
        for (Row row : selected) {
            // a partition that has static values and no row shows as a row without a clustering key
            if (clusteringKey.stream().noneMatch(row::isNull)) {
                put(expected, ofScylla(row, types));
            }
        }
        NavigableMap<String, ModelRow> actual = ofPostgres(types);
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        for (String key : keys) {
            ModelRow in = expected.get(key);
            ModelRow out = actual.get(key);
            if (in == null || out == null || !in.columns().equals(out.columns())) {
                return Optional.of(new Difference((in == null ? out : in).partition(), text(key, in, out)));
            }
        }
        return Optional.empty();
    }

    private String text(String key, ModelRow in, ModelRow out) {
        StringBuilder text = new StringBuilder(id + ", row " + partitionKey + clusteringKey + " = " + key + ":");
        if (in == null || out == null) {
            return text.append(in == null ? " only in Postgres: " + out.columns() : " only in Scylla: " + in.columns())
                    .toString();
        }
        in.columns().forEach((column, value) -> {
            if (!value.equals(out.columns().get(column))) {
                text.append("%n  %s: Scylla has %s, Postgres has %s"
                        .formatted(column, value, out.columns().getOrDefault(column, "no such column")));
            }
        });
        return text.toString();
    }

    private static void put(Map<String, ModelRow> rows, ModelRow row) {
        rows.put(row.key().toString(), row);
    }

    private ModelRow ofScylla(Row row, Map<String, DataType> types) {
        NavigableMap<String, String> columns = new TreeMap<>();
        types.forEach((column, type) ->
                columns.put(column, ModelText.ofScylla(type, row.isNull(column) ? null : row.getObject(column))));
        return row(columns);
    }

    private ModelRow row(NavigableMap<String, String> columns) {
        List<String> partition = partitionKey.stream().map(columns::get).toList();
        List<String> key = Stream.concat(
                        partition.stream(), clusteringKey.stream().map(columns::get))
                .toList();
        return new ModelRow(key, String.join(", ", partition), columns);
    }

    /** The rows of the table of the same name; none while there is no such table. Its columns are compared by their names. */
    private NavigableMap<String, ModelRow> ofPostgres(Map<String, DataType> types) throws SQLException {
        NavigableMap<String, ModelRow> rows = new TreeMap<>();
        try (Statement statement = postgres.createStatement();
                java.sql.ResultSet result =
                        statement.executeQuery("SELECT to_jsonb(a_row)::text FROM \"%s\".\"%s\" AS a_row"
                                .formatted(id.keyspace(), id.name()))) {
            while (result.next()) {
                JsonNode json = JSON.readTree(result.getString(1));
                NavigableMap<String, String> columns = new TreeMap<>();
                types.forEach((column, type) -> {
                    if (json.has(column)) {
                        columns.put(column, ModelText.ofPostgres(type, json.get(column)));
                    }
                });
                put(rows, row(columns));
            }
        } catch (SQLException e) {
            if (!NO_SUCH_TABLE.equals(e.getSQLState())) {
                throw e;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Postgres wrote JSON that can't be read", e);
        }
        return rows;
    }
}
