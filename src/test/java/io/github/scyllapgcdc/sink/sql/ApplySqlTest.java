package io.github.scyllapgcdc.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.Events;
import io.github.scyllapgcdc.sink.fold.Layout;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ApplySqlTest {
    private static final TableName TABLE = TableName.of("${topic}", "shop.Order \"lines\"");
    private static final ApplySql SQL = new ApplySql(
            TABLE,
            Layout.of(
                    EventSchema.of(
                            TableId.parse("shop.lines"),
                            List.of(
                                    Events.column("order", Kind.PARTITION_KEY, EventTypes.uuid()),
                                    Events.column("line", Kind.CLUSTERING, Events.plain(Schema.Type.INT)),
                                    Events.column("item", Kind.REGULAR, Events.plain(Schema.Type.STRING)),
                                    Events.column("day", Kind.REGULAR, EventTypes.date()))),
                    ValuePolicy.STRICT));

    @Test
    void upsertAll() {
        assertThat(SQL.upsertAll()).isEqualTo("""
                        MERGE INTO "shop"."Order ""lines""\" AS t
                        USING (SELECT u.k0 AS k0, u.k1 AS k1, u.c0 AS c0, u.c1 AS c1
                          FROM unnest(?::uuid[], ?::int4[], ?::text[], ?::date[])
                          AS u(k0, k1, c0, c1)) AS s
                        ON t."order" = s.k0 AND t."line" = s.k1
                        WHEN MATCHED THEN UPDATE SET "item" = s.c0, "day" = s.c1
                        WHEN NOT MATCHED THEN INSERT ("order", "line", "item", "day") VALUES (s.k0, s.k1, s.c0, s.c1)""");
    }

    @Test
    void masked() {
        assertThat(SQL.masked()).isEqualTo("""
                        MERGE INTO "shop"."Order ""lines""\" AS t
                        USING (SELECT u.k0 AS k0, u.k1 AS k1, u.c0 AS c0, u.c1 AS c1, u.m0, u.o
                          FROM unnest(?::uuid[], ?::int4[], ?::text[], ?::date[], ?::int8[], ?::int2[])
                          AS u(k0, k1, c0, c1, m0, o)) AS s
                        ON t."order" = s.k0 AND t."line" = s.k1
                        WHEN MATCHED AND s.o = 0 THEN DELETE
                        WHEN MATCHED THEN UPDATE SET \
                        "item" = CASE WHEN s.m0 & 1 <> 0 THEN s.c0 ELSE t."item" END, \
                        "day" = CASE WHEN s.m0 & 2 <> 0 THEN s.c1 ELSE t."day" END
                        WHEN NOT MATCHED AND s.o >= 2 THEN \
                        INSERT ("order", "line", "item", "day") VALUES (s.k0, s.k1, s.c0, s.c1)""");
    }

    @Test
    void deletes() {
        assertThat(SQL.deleteRows()).isEqualTo("""
                        DELETE FROM "shop"."Order ""lines""\" AS t
                        USING (SELECT u.k0 AS k0, u.k1 AS k1
                          FROM unnest(?::uuid[], ?::int4[])
                          AS u(k0, k1)) AS s
                        WHERE t."order" = s.k0 AND t."line" = s.k1""");
        assertThat(SQL.deletePartitions()).contains("unnest(?::uuid[])").endsWith("WHERE t.\"order\" = s.k0");
    }

    @Test
    void wideTablesHaveAMaskForEach64Columns() {
        List<EventColumn> columns = new ArrayList<>();
        columns.add(Events.column("k", Kind.PARTITION_KEY, Events.plain(Schema.Type.LONG)));
        for (int i = 0; i < 65; i++) {
            columns.add(Events.column("v" + i, Kind.REGULAR, Events.plain(Schema.Type.LONG)));
        }
        Layout layout = Layout.of(EventSchema.of(TableId.parse("ks.wide"), columns), ValuePolicy.STRICT);

        assertThat(ApplySql.maskWords(layout.values())).isEqualTo(2);
        assertThat(new ApplySql(TABLE, layout).masked())
                .contains("s.m0 & (-9223372036854775807 - 1) <> 0 THEN s.c63")
                .contains("s.m1 & 1 <> 0 THEN s.c64");
    }

    @Test
    void tableOfKeysAlone() {
        Layout layout = Layout.of(
                EventSchema.of(
                        TableId.parse("ks.keys"),
                        List.of(Events.column("k", Kind.PARTITION_KEY, Events.plain(Schema.Type.LONG)))),
                ValuePolicy.STRICT);

        assertThat(new ApplySql(TABLE, layout).upsertAll())
                .contains("WHEN MATCHED THEN DO NOTHING")
                .endsWith("INSERT (\"k\") VALUES (s.k0)");
    }
}
