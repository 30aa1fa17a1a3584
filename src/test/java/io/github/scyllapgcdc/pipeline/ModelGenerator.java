package io.github.scyllapgcdc.pipeline;

import io.github.scyllapgcdc.pipeline.ModelTable.Column;
import io.github.scyllapgcdc.pipeline.ModelTable.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Draws the statements of one table. What it draws depends on the random numbers alone. */
final class ModelGenerator {
    private static final int PARTITIONS = 6;
    private static final int LONGEST_TTL_SECONDS = 5;
    private static final List<String> LOWER = List.of(">", ">=");
    private static final List<String> UPPER = List.of("<", "<=");

    private final ModelTable table;
    private final String name;
    private final Random random;
    private final ModelValues values;

    private final Set<String> partitions = new HashSet<>();
    private int longestTtl;

    ModelGenerator(ModelTable table, String keyspace, Random random) {
        this.table = table;
        this.name = keyspace + "." + table.name();
        this.random = random;
        this.values = new ModelValues(random);
    }

    ModelStatement next() {
        partitions.clear();
        longestTtl = 0;
        Kind kind = table.draw(random);
        String cql = kind == Kind.BATCH ? batch() : single(kind, false);
        return new ModelStatement(cql, Set.copyOf(partitions), longestTtl);
    }

    private String batch() {
        List<String> statements = new ArrayList<>();
        for (int left = 2 + random.nextInt(5); left > 0; ) {
            Kind kind = table.draw(random);
            if (!EnumSet.of(Kind.BATCH, Kind.CONDITIONAL).contains(kind)) {
                statements.add(single(kind, true));
                left--;
            }
        }
        return "BEGIN UNLOGGED BATCH " + String.join("; ", statements) + "; APPLY BATCH";
    }

    private String single(Kind kind, boolean inBatch) {
        return switch (kind) {
            case INSERT -> insert("");
            case UPDATE -> update(inBatch, "");
            case DELETE_CELLS -> deleteCells(inBatch);
            case DELETE_ROW -> "DELETE FROM " + name + " WHERE " + row();
            case DELETE_RANGE -> "DELETE FROM " + name + " WHERE " + partition() + " AND " + range();
            case DELETE_PARTITION -> "DELETE FROM " + name + " WHERE " + partition();
            case CONDITIONAL ->
                switch (random.nextInt(3)) {
                    case 0 -> insert(" IF NOT EXISTS");
                    case 1 -> update(true, " IF EXISTS");
                    default -> "DELETE FROM " + name + " WHERE " + row() + " IF EXISTS";
                };
            case BATCH -> throw new AssertionError("a batch holds no batches");
        };
    }

    private String insert(String condition) {
        Map<String, String> written = new LinkedHashMap<>(partitionKey());
        table.clustering().forEach(column -> written.put(column.name(), key(column)));
        for (Column column : some(table.regular(), 0)) {
            written.put(column.name(), valueOrNull(column));
        }
        if (condition.isEmpty() && random.nextInt(3) == 0) {
            some(table.statics(), 0).forEach(column -> written.put(column.name(), valueOrNull(column)));
        }
        return "INSERT INTO " + name + " (" + String.join(", ", written.keySet()) + ") VALUES ("
                + String.join(", ", written.values()) + ")" + condition + ttl();
    }

    private String update(boolean plain, String condition) {
        boolean statics = condition.isEmpty() && !table.statics().isEmpty() && random.nextInt(4) == 0;
        String key = statics ? partition() : row();
        String assignments = some(statics ? table.statics() : table.regular(), 1).stream()
                .map(column -> assignment(column, plain))
                .collect(Collectors.joining(", "));
        return "UPDATE " + name + ttl() + " SET " + assignments + " WHERE " + key + condition;
    }

    /** @param plain without what needs a list's state, which a statement may be refused for */
    private String assignment(Column column, boolean plain) {
        String name = column.name();
        String type = column.type();
        if (!column.isMultiCell() || random.nextInt(3) == 0) {
            return name + " = " + valueOrNull(column);
        }
        if (type.equals(ModelValues.PAIR)) {
            boolean x = random.nextBoolean();
            String value = random.nextInt(3) == 0 ? "null" : values.literal(x ? "int" : "text");
            return name + (x ? ".x = " : ".y = ") + value;
        }
        List<String> arguments = ModelValues.arguments(type);
        if (type.startsWith("map<")) {
            return switch (random.nextInt(4)) {
                case 0 -> name + "[" + values.literal(arguments.get(0)) + "] = " + values.literal(arguments.get(1));
                case 1 -> name + "[" + values.literal(arguments.get(0)) + "] = null";
                case 2 -> name + " = " + name + " - {" + values.literals(arguments.get(0), 2) + "}";
                default -> name + " = " + name + " + " + values.map(type, 2);
            };
        }
        String elements = values.literals(arguments.get(0), 1 + random.nextInt(2));
        if (type.startsWith("set<")) {
            return name + " = " + name + (random.nextBoolean() ? " + {" : " - {") + elements + "}";
        }
        return switch (random.nextInt(plain ? 2 : 4)) {
            case 0 -> name + " = " + name + " + [" + elements + "]";
            case 1 -> name + " = [" + elements + "] + " + name;
            case 2 -> name + "[0] = " + values.literal(arguments.get(0));
            default -> name + " = " + name + " - [" + elements + "]";
        };
    }

    private String deleteCells(boolean plain) {
        String cells = some(table.regular(), 1).stream()
                .map(column -> cells(column, plain))
                .collect(Collectors.joining(", "));
        return "DELETE " + cells + " FROM " + name + " WHERE " + row();
    }

    private String cells(Column column, boolean plain) {
        String type = column.type();
        if (!column.isMultiCell() || random.nextInt(3) == 0) {
            return column.name();
        }
        if (type.equals(ModelValues.PAIR)) {
            return column.name() + (random.nextBoolean() ? ".x" : ".y");
        }
        if (type.startsWith("list<")) {
            return plain ? column.name() : column.name() + "[0]";
        }
        return column.name() + "[" + values.literal(ModelValues.arguments(type).get(0)) + "]";
    }

    /** Every shape of bounds: a prefix, a prefix and bounds on the next column, a slice of several columns, several values. */
    private String range() {
        List<Column> clustering = table.clustering();
        if (clustering.size() > 1 && random.nextInt(4) == 0) {
            String columns = clustering.stream().map(Column::name).collect(Collectors.joining(", ", "(", ")"));
            return bounds(
                    columns, () -> clustering.stream().map(this::key).collect(Collectors.joining(", ", "(", ")")));
        }
        int prefix = random.nextInt(clustering.size());
        List<String> restrictions = new ArrayList<>();
        for (Column column : clustering.subList(0, prefix)) {
            restrictions.add(column.name() + " = " + key(column));
        }
        Column next = clustering.get(prefix);
        if (prefix == 0 || random.nextInt(3) > 0) {
            restrictions.add(
                    random.nextInt(6) == 0
                            ? next.name() + " IN (" + key(next) + ", " + key(next) + ")"
                            : bounds(next.name(), () -> key(next)));
        }
        return String.join(" AND ", restrictions);
    }

    private String bounds(String column, Supplier<String> value) {
        String lower = column + " " + values.pick(LOWER) + " " + value.get();
        String upper = column + " " + values.pick(UPPER) + " " + value.get();
        return switch (random.nextInt(3)) {
            case 0 -> lower;
            case 1 -> upper;
            default -> lower + " AND " + upper;
        };
    }

    private String row() {
        return Stream.concat(
                        Stream.of(partition()),
                        table.clustering().stream().map(column -> column.name() + " = " + key(column)))
                .collect(Collectors.joining(" AND "));
    }

    private String partition() {
        return partitionKey().entrySet().stream()
                .map(column -> column.getKey() + " = " + column.getValue())
                .collect(Collectors.joining(" AND "));
    }

    private Map<String, String> partitionKey() {
        Map<String, String> key = new LinkedHashMap<>();
        int number = random.nextInt(table.clustering().isEmpty() ? 6 * PARTITIONS : PARTITIONS);
        for (Column column : table.partition()) {
            key.put(column.name(), column.type().equals("text") ? "'p" + number + "'" : Integer.toString(number));
        }
        partitions.add(String.join(", ", key.values()).replace("'", ""));
        return key;
    }

    private String key(Column column) {
        return column.type().equals("smallint")
                ? Integer.toString(random.nextInt(5) - 2)
                : values.literal(column.type());
    }

    private String valueOrNull(Column column) {
        return random.nextInt(6) == 0 ? "null" : values.literal(column.type());
    }

    /** At least so many of the columns, in their order. */
    private List<Column> some(List<Column> columns, int least) {
        List<Column> some =
                columns.stream().filter(column -> random.nextInt(3) == 0).toList();
        return some.size() >= least ? some : List.of(values.pick(columns));
    }

    private String ttl() {
        if (!table.ttl() || random.nextInt(3) > 0) {
            return "";
        }
        int seconds = 1 + random.nextInt(LONGEST_TTL_SECONDS);
        longestTtl = Math.max(longestTtl, seconds);
        return " USING TTL " + seconds;
    }
}
