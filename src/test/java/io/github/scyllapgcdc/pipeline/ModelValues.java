package io.github.scyllapgcdc.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random CQL literals. Text and keys come from small pools, so that statements meet the same rows again. */
final class ModelValues {
    /** The user type that the model's tables use. */
    static final String PAIR = "pair";

    static final String PAIR_FIELDS = "x int, y text";

    /** Upper and lower case, accents and scripts order differently in the collations of Postgres and in Scylla. */
    private static final List<String> TEXTS =
            List.of("''", "'a'", "'A'", "'b'", "'B'", "'ab'", "'Z'", "'é'", "'ß'", "'日本'", "'O''Brien'", "'x y\"z\\n'");

    private static final List<String> TIME_UUIDS = List.of(
            "50554d6e-29bb-11e5-b345-feff819cdc9f",
            "00000000-0000-1000-8080-808080808080",
            "ffffffff-ffff-1fff-bf7f-7f7f7f7f7f7f",
            "a0a0a0a0-0001-11ee-8000-000000000000");

    private final Random random;

    ModelValues(Random random) {
        this.random = random;
    }

    /** A literal of a CQL type. Of a collection it may be empty, of a user type or tuple fields may be null. */
    String literal(String type) {
        if (type.startsWith("frozen<")) {
            return literal(arguments(type).get(0));
        }
        if (type.startsWith("set<") || type.startsWith("list<")) {
            String elements = literals(arguments(type).get(0), random.nextInt(4));
            return type.startsWith("set<") ? "{" + elements + "}" : "[" + elements + "]";
        }
        if (type.startsWith("map<")) {
            return map(type, random.nextInt(4));
        }
        if (type.startsWith("tuple<")) {
            return arguments(type).stream()
                    .map(field -> random.nextInt(4) == 0 ? "null" : literal(field))
                    .collect(Collectors.joining(", ", "(", ")"));
        }
        if (type.startsWith("vector<")) {
            return "[" + literals("smallint", Integer.parseInt(arguments(type).get(1))) + "]";
        }
        return scalar(type);
    }

    /** So many elements of a set or list, without braces. */
    String literals(String type, int count) {
        return IntStream.range(0, count).mapToObj(i -> literal(type)).collect(Collectors.joining(", "));
    }

    /** A map of up to so many entries. */
    String map(String type, int entries) {
        List<String> types = arguments(type);
        return IntStream.range(0, entries)
                .mapToObj(i -> literal(types.get(0)) + ": " + literal(types.get(1)))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private String scalar(String type) {
        return switch (type) {
            case PAIR -> random.nextBoolean() ? "{x: " + random.nextInt(9) + "}" : "{x: 1, y: " + literal("text") + "}";
            case "text", "ascii" -> "text".equals(type) ? pick(TEXTS) : pick(TEXTS.subList(0, 7));
            case "boolean" -> Boolean.toString(random.nextBoolean());
            case "tinyint" -> Integer.toString(random.nextInt(256) - 128);
            case "smallint" -> Integer.toString(random.nextInt(1 << 16) - (1 << 15));
            case "int" -> Integer.toString(random.nextInt(8));
            case "bigint" -> Long.toString(random.nextLong());
            case "varint" -> pick(List.of("0", "-1", "123456789012345678901234567890", "-98765432109876543210"));
            case "decimal" -> pick(List.of("0", "1.50", "-0.001", "12345678901234567890.123456789", "1E+20"));
            case "float" -> pick(List.of("0", "0.1", "-1.5", "3.4E38", "NaN", "Infinity"));
            case "double" -> pick(List.of("0", "0.1", "-1.5E-300", "1E300", "NaN", "-Infinity"));
            case "blob" -> pick(List.of("0x", "0x00", "0xff00ee", "0xcafe"));
            case "uuid" -> "00000000-0000-4000-8000-00000000000" + random.nextInt(10);
            case "timeuuid" -> pick(TIME_UUIDS);
            case "timestamp" -> Long.toString(1_700_000_000_000L + random.nextInt(100_000));
            case "date" -> "'2024-02-2" + random.nextInt(10) + "'";
            case "time" -> "'0" + random.nextInt(10) + ":02:03.00400" + random.nextInt(10) + "'";
            case "inet" -> pick(List.of("'127.0.0.1'", "'10.0.0.9'", "'::1'", "'2001:db8::ff'"));
            default -> throw new IllegalArgumentException("no values for the type " + type);
        };
    }

    <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** The types between the outer angle brackets. */
    static List<String> arguments(String type) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int start = type.indexOf('<') + 1;
        for (int i = start; i < type.length(); i++) {
            char c = type.charAt(i);
            if (depth == 0 && (c == ',' || c == '>')) {
                arguments.add(type.substring(start, i).strip());
                start = i + 1;
            } else if (c == '<') {
                depth++;
            } else if (c == '>') {
                depth--;
            }
        }
        return arguments;
    }
}
