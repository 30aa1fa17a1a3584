package io.github.scyllapgcdc.schema;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Values of every type that are worth comparing: of both ends of their ranges, and of those that Postgres holds otherwise. */
final class CanonicalSamples {
    private static final ValuePolicy LENIENT = new ValuePolicy(true, true);

    private CanonicalSamples() {}

    /**
     * Values of a type.
     *
     * @param column the Postgres type of the column, null for the usual one
     * @param literals of CQL, which the sink writes
     * @param others SQL literals of what is there because somebody else wrote it
     */
    record Values(String type, String column, ValuePolicy policy, List<String> literals, List<String> others) {
        static Values of(String type, List<String> literals, String... others) {
            return new Values(type, null, ValuePolicy.STRICT, literals, List.of(others));
        }

        Values in(String postgresType) {
            return new Values(type, postgresType, policy, literals, others);
        }

        Values with(ValuePolicy other) {
            return new Values(type, column, other, literals, others);
        }

        @Override
        public String toString() {
            return type + (column == null ? "" : " in " + column) + (policy.infinity() ? " lenient" : "");
        }
    }

    static Stream<Values> values() {
        return Stream.of(scalars(), arrays(), json()).flatMap(Function.identity());
    }

    private static Stream<Values> scalars() {
        return Stream.of(
                Values.of("text", List.of("''", "'a'", "'A'", "'é'", "'e\u0301'", "'a '", "'日本 😀'"), "'b'", "'NULL'"),
                Values.of("text", List.of("''", "'a'", "'é'"), "'b'").in("character varying(10)"),
                Values.of("text", List.of("'ab'", "'a\0b'", "'\0'", "''"), "'abc'")
                        .with(LENIENT),
                Values.of("ascii", List.of("'a'"), "'é'"),
                Values.of("boolean", List.of("true", "false")),
                Values.of("tinyint", List.of("-128", "-1", "0", "127"), "128", "-129", "1"),
                Values.of("tinyint", List.of("-128", "127"), "128", "383", "65535")
                        .in("integer"),
                Values.of("smallint", List.of("-32768", "0", "32767"), "1"),
                Values.of("smallint", List.of("-32768", "32767"), "32768", "98303")
                        .in("bigint"),
                Values.of("smallint", List.of("-32768", "1"), "1.0", "1.5", "'NaN'")
                        .in("numeric"),
                Values.of("int", List.of("-2147483648", "0", "2147483647"), "1", "-1"),
                Values.of("int", List.of("-2147483648", "1"), "2147483648", "4294967297", "-4294967295")
                        .in("bigint"),
                Values.of("int", List.of("0", "1"), "1.00", "1.000001", "18446744073709551617", "'-Infinity'")
                        .in("numeric"),
                Values.of("bigint", List.of("-9223372036854775808", "0", "9223372036854775807"), "9223372036854775806"),
                Values.of("bigint", List.of("-9223372036854775808", "0"), "9223372036854775808", "0.0", "1e-20")
                        .in("numeric"),
                Values.of(
                        "varint",
                        List.of("0", "-1", "10000", "123456789012345678901234567890", "1" + "0".repeat(400)),
                        "1e4",
                        "123456789012345678901234567891",
                        "0.5",
                        "1e400"),
                Values.of(
                        "decimal",
                        List.of(
                                "0",
                                "0.000",
                                "1.5",
                                "1.50",
                                "-1.5",
                                "1E+3",
                                "1000",
                                "0.0001",
                                "0.00010",
                                "1E-16383",
                                "1E+131071",
                                "9999.9999",
                                "12345678901234567890.1234567890",
                                "1E+20",
                                "-0.00001"),
                        "1.5000000000000000000000000001",
                        "'NaN'",
                        "'Infinity'",
                        "1e131071",
                        "100000000000000000001"),
                Values.of(
                        "float",
                        List.of("0.0", "-0.0", "0.1", "1.1", "1.4E-45", "3.4028235E38", "NaN", "Infinity", "-Infinity"),
                        "0.10000001",
                        "1.10000011"),
                Values.of(
                                "float",
                                List.of("-0.0", "0.1", "NaN", "Infinity", "3.4028235E38", "1.4E-45"),
                                "0.1",
                                "0.10000000149011612",
                                "0.10000000149011613",
                                "1e300",
                                "1e-320")
                        .in("double precision"),
                Values.of(
                        "double",
                        List.of("0.0", "-0.0", "0.1", "4.9E-324", "1.7976931348623157E308", "NaN", "-Infinity"),
                        "0.10000000000000002",
                        "1e-323"),
                Values.of("blob", List.of("0x", "0x00", "0x0000", "0xff"), "'\\xfe'", "'\\xff00'"),
                Values.of(
                        "uuid",
                        List.of(
                                "00000000-0000-0000-0000-000000000000",
                                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                                "5b6962dd-3f90-4c93-8f61-eabfa4a803e2"),
                        "'5B6962DD-3F90-4C93-8F61-EABFA4A803E2'",
                        "'5b6962dd-3f90-4c93-8f61-eabfa4a803e3'"),
                Values.of(
                        "timeuuid",
                        List.of("58e0a7d7-eebc-11d8-9669-0800200c9a66"),
                        "'58e0a7d7-eebc-11d8-9669-0800200c9a67'"),
                Values.of(
                        "timestamp",
                        List.of(
                                "0",
                                "-1",
                                "1",
                                "946684800000",
                                "-62135596800001",
                                "-210866803200000",
                                "9224318015999999",
                                "1700000000123"),
                        "'1970-01-01 00:00:00.000001+00'",
                        "'1969-12-31 23:59:59.999999+00'",
                        "'2023-11-14 22:13:20.1239+00'",
                        "'infinity'",
                        "'-infinity'",
                        "'294276-12-31 23:59:59.999999+00'"),
                Values.of("timestamp", List.of("0", "1", "-1"), "'1970-01-01 00:00:00.002+00'")
                        .in("timestamp(3) with time zone"),
                Values.of(
                                "timestamp",
                                List.of(
                                        "0",
                                        "-210866803200001",
                                        "9224318016000000",
                                        "9223372036854775807",
                                        "-9223372036854775808"),
                                "'294276-12-31 23:59:59.999999+00'")
                        .with(LENIENT),
                Values.of(
                        "date",
                        List.of("'1970-01-01'", "'1969-12-31'", "'2024-02-29'", "2145043060", "4292526553"),
                        "'infinity'",
                        "'-infinity'",
                        "'1970-01-02'",
                        "'0044-03-15 BC'"),
                Values.of("date", List.of("'1970-01-01'", "0", "2145043059", "4292526554", "4294967295"))
                        .with(LENIENT),
                Values.of(
                        "time",
                        List.of(
                                "'00:00:00'",
                                "'10:15:30.000001'",
                                "'10:15:30.000001999'",
                                "'23:59:59.999999999'",
                                "'00:00:00.000000001'"),
                        "'24:00:00'",
                        "'10:15:30.000002'"),
                Values.of("time", List.of("'00:00:00'", "'10:15:30.000001999'"), "'24:00:00'")
                        .in("time(6) without time zone"),
                Values.of(
                        "duration",
                        List.of(
                                "1mo",
                                "30d",
                                "720h",
                                "0s",
                                "1mo2d3ns",
                                "500ns",
                                "501ns",
                                "1500ns",
                                "2500ns",
                                "3us",
                                "2us",
                                "-500ns",
                                "-501ns",
                                "-1500ns",
                                "-1mo2ns",
                                "1y2mo3d4h5m6s7ms8us9ns",
                                "999999500ns",
                                "1s",
                                "999999999ns",
                                "2562047h",
                                "-1d",
                                "2147483647mo2147483647d"),
                        "'1 mon'",
                        "'1 year'",
                        "'infinity'",
                        "'-infinity'",
                        "'3000000:00:00'",
                        "'00:00:00.000004'",
                        "'9000000000.000001 seconds'",
                        "'9000000000.000002 seconds'"),
                Values.of(
                        "inet",
                        List.of(
                                "'0.0.0.0'",
                                "'192.168.0.1'",
                                "'::'",
                                "'::1'",
                                "'2001:db8::1'",
                                "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'"),
                        "'192.168.0.1/24'",
                        "'::ffff:192.168.0.1'",
                        "'2001:db8::1/64'",
                        "'192.168.0.2'"));
    }

    private static Stream<Values> arrays() {
        return Stream.of(
                Values.of(
                        "frozen<list<int>>",
                        List.of("[]", "[1]", "[1,2]", "[2,1]", "[1,1]"),
                        "'{1,NULL}'",
                        "'{{1,2}}'",
                        "'[0:1]={1,2}'",
                        "'{{1},{2}}'",
                        "'{2}'",
                        "'{NULL}'"),
                Values.of(
                        "list<text>",
                        List.of("['']", "['a','b']", "['ab']", "['NULL']", "['\"', '\\', ',{}']"),
                        "'{NULL}'",
                        "'{\"a,b\"}'"),
                Values.of("list<double>", List.of("[0.0]", "[-0.0]", "[NaN, 1.5]"), "'{NaN,NaN}'"),
                Values.of("list<timestamp>", List.of("[0]", "[9224318016000000]"), "'{1970-01-01 00:00:00.000001+00}'")
                        .with(LENIENT),
                Values.of("frozen<list<duration>>", List.of("[1mo]", "[1501ns, 1d]", "[1500ns, 1d]"), "'{30 days}'"),
                Values.of("frozen<list<decimal>>", List.of("[1.0]", "[1.00, 2]"), "'{1,2.0}'", "'{NaN}'"),
                Values.of("frozen<set<text>>", List.of("{}", "{'b','a','B'}", "{'a','b'}", "{'é'}"), "'{NULL}'"),
                Values.of("set<text>", List.of("{'a','a\0','b'}", "{'a','b'}"), "'{a,c}'")
                        .with(LENIENT),
                Values.of("frozen<set<int>>", List.of("{-1,0,1}", "{3,2}"), "'{2,4}'"),
                Values.of("frozen<set<time>>", List.of("{'00:00:00.000000001','00:00:00.000000002'}", "{'00:00:00'}")),
                Values.of("frozen<set<double>>", List.of("{0.0,-0.0}", "{0.0}", "{NaN,1.5}", "{1.5}")),
                Values.of("frozen<set<decimal>>", List.of("{1.0, 2}", "{1.00, 2.0}"), "'{1,2.01}'"),
                Values.of("frozen<set<uuid>>", List.of("{5b6962dd-3f90-4c93-8f61-eabfa4a803e2}")),
                Values.of(
                        "frozen<set<inet>>", List.of("{'10.0.0.2','10.0.0.1','::1'}"), "'{10.0.0.1/24,10.0.0.2,::1}'"),
                Values.of("frozen<set<blob>>", List.of("{0xff,0x00}", "{0x00,0xff}", "{0x}")),
                Values.of(
                        "vector<float, 3>",
                        List.of("[1.5, NaN, -0.0]", "[1.5, NaN, 0.0]", "[0.1,0.2,0.3]"),
                        "'{0.1,0.2}'",
                        "'{0.1,0.2,0.30000004}'"));
    }

    private static Stream<Values> json() {
        return Stream.of(
                Values.of(
                        "frozen<map<text, int>>",
                        List.of("{}", "{'a':1,'b':2}", "{'b':2,'a':1}", "{'':0}"),
                        "'{\"a\":1.0,\"b\":2}'",
                        "'{\"a\":1.5,\"b\":2}'",
                        "'{\"a\":\"1\",\"b\":2}'",
                        "'{\"a\":null}'",
                        "'[]'",
                        "'null'",
                        "'1'",
                        "'{\"a\":4294967297,\"b\":2}'"),
                Values.of("frozen<map<text, text>>", List.of("{'a':'x','a\0':'y'}", "{'a':'y'}", "{'a':'y\0'}"))
                        .with(LENIENT),
                Values.of(
                        "map<int, text>",
                        List.of("{1:'a',-1:'b'}", "{10:'a',9:'c'}"),
                        "'{\"01\":\"a\",\"-1\":\"b\"}'",
                        "'{\"x\":\"a\"}'",
                        "'{\"1.0\":\"a\",\"-1\":\"b\"}'"),
                Values.of(
                        "frozen<map<decimal, int>>",
                        List.of("{1.0:1}", "{1.00:1}", "{1E+3:1}", "{1000:1}"),
                        "'{\"1.0\":1.0}'"),
                Values.of(
                        "frozen<map<double, boolean>>",
                        List.of("{0.0:true}", "{-0.0:true}", "{NaN:true}", "{1E100:true}", "{2.0E-3:true}"),
                        "'{\"0\":true}'",
                        "'{\"1E100\":true}'"),
                Values.of(
                        "frozen<map<boolean, float>>",
                        List.of("{true:0.1,false:-0.0}"),
                        "'{\"true\":0.1,\"false\":0}'",
                        "'{\"true\":0.10000001,\"false\":0}'",
                        "'{\"true\":0.100000001,\"false\":0}'"),
                Values.of(
                        "frozen<map<date, time>>",
                        List.of(
                                "{'2024-02-29':'10:15:30.000000001'}",
                                "{0:'10:15:30.000000002'}",
                                "{4294967295:'10:15:00'}"),
                        "'{\"2024-02-29\":\"10:15:30.000000002\"}'",
                        "'{\"+5881580-07-11\":\"10:15\"}'"),
                Values.of(
                        "frozen<map<timestamp, blob>>",
                        List.of(
                                "{0:0x}",
                                "{-9223372036854775808:0xff}",
                                "{9223372036854775807:0x00}",
                                "{1700000000123:0x0a}"),
                        "'{\"1970-01-01T00:00:00.000Z\":\"\\\\x\"}'",
                        "'{\"2023-11-14T22:13:20.123Z\":\"\\\\x0A\"}'",
                        "'{\"1970-01-01T00:00:00.000001Z\":\"\\\\x\"}'"),
                Values.of(
                        "frozen<map<inet, uuid>>",
                        List.of("{'::1':5b6962dd-3f90-4c93-8f61-eabfa4a803e2}"),
                        "'{\"::1\":\"5b6962dd-3f90-4c93-8f61-eabfa4a803e2\"}'",
                        "'{\"0:0:0:0:0:0:0:1\":\"5B6962DD-3F90-4C93-8F61-EABFA4A803E2\"}'"),
                Values.of(
                        "frozen<map<frozen<tuple<int, text, double>>, int>>",
                        List.of("{(1,'x',-0.0):2}", "{(1,'x',0.0):2}", "{(NULL,'q\"',NaN):2}"),
                        "'{\"[1, \\\"x\\\", 0.0]\": 2}'",
                        "'{\"[1\": 2}'",
                        "'{\"[1,\\\"x\\\",0.0] 2\": 2}'"),
                Values.of("frozen<map<blob, text>>", List.of("{0x:'e',0xff:'f'}")),
                Values.of(
                        "frozen<address>",
                        List.of(
                                "{street:'Main',no:1}",
                                "{street:'Main',no:NULL}",
                                "{street:NULL,no:NULL}",
                                "{street:'',no:0}"),
                        "'{\"street\":\"Main\",\"no\":null}'",
                        "'{\"street\":\"Main\",\"more\":1}'",
                        "'[]'",
                        "'{\"no\":1.00,\"street\":\"Main\"}'",
                        "'{\"street\":\"Main\",\"no\":2}'"),
                Values.of(
                        "frozen<tuple<int, text>>",
                        List.of("(1,'x')", "(1,NULL)", "(NULL,NULL)"),
                        "'[1]'",
                        "'[1,\"x\",2]'",
                        "'[1,null,null]'",
                        "'{\"f0\":1}'"),
                Values.of(
                        "frozen<tuple<double, decimal, duration>>",
                        List.of("(-0.0,1.50,1mo1ns)", "(0.0,1.5,1mo2ns)", "(1E300,1E+20,30d)", "(Infinity,0.0,0s)"),
                        "'[0,1.5,\"P1M0DT0.000000001S\"]'",
                        "'[0,1.5,\"P1M0DT0.000000003S\"]'",
                        "'[1e300,100000000000000000000.0,\"P0M30DT0S\"]'",
                        "'[\"1.5\",1.5,\"P1M\"]'"),
                Values.of(
                        "tuple<tinyint, smallint, bigint>",
                        List.of("(127,-32768,9223372036854775807)"),
                        "'[128,0,0]'",
                        "'[127,-32768,9223372036854775808]'",
                        "'[127,-32768,9223372036854775806]'"),
                Values.of(
                        "set<frozen<tuple<int, text>>>",
                        List.of("{(2,'b'),(1,'a')}", "{(1,NULL)}", "{(1,'a'),(2,'b')}"),
                        "'[[1,\"a\"],[2.0,\"b\"]]'",
                        "'[[1,\"a\"]]'"),
                Values.of("set<frozen<tuple<double>>>", List.of("{(0.0),(-0.0)}", "{(0.0)}", "{(1.0),(0.0)}")),
                Values.of(
                        "frozen<set<frozen<list<int>>>>", List.of("{}", "{[2],[1]}", "{[1,2]}", "{[]}"), "'[[1],[3]]'"),
                Values.of("frozen<list<frozen<set<int>>>>", List.of("[{2,1}]", "[{1,2}]", "[{}]", "[]"), "'[[2,1,3]]'"),
                Values.of(
                        "frozen<list<frozen<map<text, frozen<list<frozen<address>>>>>>>",
                        List.of("[{'b':[{street:'x',no:1}],'a':[]}]", "[{'a':[],'b':[{street:'x',no:1}]}]", "[{}]"),
                        "'[{\"a\":[],\"b\":[{\"street\":\"x\"}]}]'"));
    }
}
