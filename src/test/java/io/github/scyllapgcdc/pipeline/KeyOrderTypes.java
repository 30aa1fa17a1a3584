package io.github.scyllapgcdc.pipeline;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A type of clustering columns and some of its values in the order in which Scylla keeps them. Each list has values that
 * another order, of Java or of Postgres, would put elsewhere.
 */
record KeyOrderTypes(String type, List<String> ordered) {
    /** In the order in which they are clustering columns of the tables. */
    static final List<KeyOrderTypes> ALL = List.of(
            of("tinyint", "-128", "-2", "-1", "0", "9", "10", "127"),
            of("smallint", "-32768", "-200", "-1", "0", "9", "10", "32767"),
            of("int", "-2147483648", "-10", "-9", "0", "9", "10", "2147483647"),
            of("bigint", "-9223372036854775808", "-10", "-9", "0", "9", "10", "9223372036854775807"),
            of("varint", "-123456789012345678901234567890", "-10", "-9", "0", "9", "128", "98765432109876543210"),
            of("decimal", "-1E+30", "-9.5", "-9.25", "0", "1E-10", "9.9", "10", "2E+20"),
            of("float", "-Infinity", "-1.5", "-1E-20", "0", "9.5", "10", "3.4E38", "Infinity", "NaN"),
            of("double", "-Infinity", "-1.5", "-1E-200", "0", "9.5", "10", "1E300", "Infinity", "NaN"),
            of("boolean", "false", "true"),
            // upper case before lower case, which a collation mixes
            of("ascii", "''", "' '", "'-'", "'B'", "'_'", "'a'", "'ab'", "'b'"),
            // the last two, beyond the first plane, are pairs of surrogates in Java, which sort before U+FF61
            of("text", "''", "'B'", "'a'", "'b'", "'z'", "'é'", "'日'", "'｡'", "'𝄞'", "'😀'"),
            of("blob", "0x", "0x00", "0x0000", "0x00ff", "0x01", "0x7f", "0x80", "0xff", "0xff00"),
            // by version; version 1 then by time; then unsigned
            of(
                    "uuid",
                    "00000000-0000-0000-8000-000000000000",
                    "f0f0f0f0-0001-11e5-8000-000000000000",
                    "f0f0f0f0-0001-11e5-807f-000000000000",
                    "f0f0f0f0-0001-11e5-8080-000000000000",
                    "00000000-0002-11e5-8000-000000000000",
                    "00000000-0000-11ff-8000-000000000000",
                    "00000000-0000-4fff-8000-000000000000",
                    "70000000-0000-4000-8000-000000000000",
                    "80000000-0000-4000-8000-000000000000",
                    "10000000-0000-7000-8000-000000000000"),
            // by time, then with signed bytes
            of(
                    "timeuuid",
                    "f0f0f0f0-0001-11e5-8080-808080808080",
                    "f0f0f0f0-0001-11e5-80ff-808080808080",
                    "f0f0f0f0-0001-11e5-8000-808080808080",
                    "f0f0f0f0-0001-11e5-807f-7f7f7f7f7f7f",
                    "f0f0f0f0-0001-11e5-bf80-000000000000",
                    "00000000-0002-11e5-8000-000000000000",
                    "00000000-0000-11ff-8000-000000000000"),
            // by bytes, of whichever version
            of(
                    "inet",
                    "'0.0.0.0'",
                    "'::1'",
                    "'9.9.9.9'",
                    "'10.0.0.1'",
                    "'2001:db8::ff'",
                    "'127.0.0.1'",
                    "'192.168.0.1'",
                    "'fe80::1'",
                    "'255.255.255.255'"),
            // days from 2^31 on, which is 1970; the first two are before our era
            of(
                    "date",
                    "2146683648",
                    "2146683649",
                    "'0001-01-01'",
                    "'1969-12-31'",
                    "'1970-01-01'",
                    "'2024-02-29'",
                    "'9999-12-31'"),
            of("time", "'00:00:00'", "'00:00:00.000001'", "'09:00:00'", "'10:00:00'", "'23:59:59.999999'"),
            of("timestamp", "-62198755200000", "-62135596800001", "-1", "0", "1", "1700000000000", "253402300800000"));

    private static KeyOrderTypes of(String type, String... ordered) {
        return new KeyOrderTypes(type, List.of(ordered));
    }

    /** The name of its column. */
    String column() {
        return "c_" + type;
    }

    /** The value that its column has in rows and ranges of other types. */
    String fixed() {
        return ordered.get(ordered.size() / 2);
    }

    /** Restrictions of its column, each with the positions in {@link #ordered()} of what it leaves. */
    List<Slice> slices() {
        int size = ordered.size();
        int low = (size - 1) / 3;
        int high = size - 1 - low / 2;
        String lower = column() + " %s " + ordered.get(low);
        String upper = column() + " %s " + ordered.get(high);
        return List.of(
                new Slice(lower.formatted(">"), positions(0, low + 1)),
                new Slice(lower.formatted(">="), positions(0, low)),
                new Slice(upper.formatted("<"), positions(high, size)),
                new Slice(upper.formatted("<="), positions(high + 1, size)),
                new Slice(lower.formatted(">") + " AND " + upper.formatted("<="), both(low + 1, high + 1)),
                new Slice(lower.formatted(">=") + " AND " + upper.formatted("<"), both(low, high)));
    }

    private List<Integer> positions(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private List<Integer> both(int from, int to) {
        return IntStream.range(0, ordered.size())
                .filter(i -> i < from || i >= to)
                .boxed()
                .toList();
    }

    /**
     * What a range delete is restricted to.
     *
     * @param left positions of the values that it does not touch
     */
    record Slice(String restriction, List<Integer> left) {}

    @Override
    public String toString() {
        return type;
    }
}
