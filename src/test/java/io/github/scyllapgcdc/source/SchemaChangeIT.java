package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.SourceStatus.State;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables and types that are altered while their source runs. */
class SchemaChangeIT {
    private static final String KEYSPACE = "schema_change_it";

    private static final ByteBuffer BYTES = ByteBuffer.wrap(new byte[] {7});

    private static SourceTables tables;
    private static SourceApplication application;

    @BeforeAll
    static void start() throws Exception {
        tables = new SourceTables(KEYSPACE);
        application = new SourceApplication(tables.stack(), Map.of());
    }

    @AfterAll
    static void stop() {
        application.close();
        tables.close();
    }

    @Test
    void aColumnThatIsDroppedAndAddedAgainWithAnotherTypeIsFollowed() throws Exception {
        TableId table = tables.create("dropped", "id int PRIMARY KEY, a bigint, v text");
        try (Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "");
            tables.execute("INSERT INTO " + table + " (id, a, v) VALUES (1, 1, 'x')");
            awaitCount(published, 1);

            // When
            tables.execute("ALTER TABLE " + table + " DROP a");
            tables.execute("INSERT INTO " + table + " (id, v) VALUES (1, 'y')");
            awaitCount(published, 2);
            tables.execute("ALTER TABLE " + table + " ADD a timestamp");
            tables.execute("INSERT INTO " + table + " (id, a, v) VALUES (1, '2026-01-02T03:04:05Z', 'z')");

            // Then
            awaitCount(published, 3);
            List<ChangeEvent> events = published.events();
            assertThat(events.get(0).values()).containsExactly(1L, "x");
            assertThat(events.get(1).values()).containsExactly("y");
            assertThat(events.get(2).values()).containsExactly(1_767_323_045_000L, "z");
            assertThat(events.get(0).schema().valueColumns().get(0).cqlType()).isEqualTo("bigint");
            assertThat(events.get(2).schema().valueColumns().get(0).cqlType()).isEqualTo("timestamp");
            assertThat(application.status(route).deadLetters()).isZero();
            assertThat(application.status(route).state()).isEqualTo(State.RUNNING);
        }
    }

    @Test
    void aFieldThatIsAddedToAUserTypeIsFollowed() throws Exception {
        tables.execute("CREATE TYPE " + KEYSPACE + ".address (street text)");
        TableId table =
                tables.create("typed", "id int PRIMARY KEY, u address, f frozen<address>, l list<frozen<address>>");
        try (Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, "");
            tables.execute("INSERT INTO " + table
                    + " (id, u, f, l) VALUES (1, {street: 'u'}, {street: 'f'}, [{street: 'l'}])");
            awaitCount(published, 1);

            // When
            tables.execute("ALTER TYPE " + KEYSPACE + ".address ADD no int");
            tables.execute(
                    "UPDATE " + table + " SET u.no = 1, f = {street: 'g', no: 2}, l = l + [{no: 3}] WHERE id = 1");
            tables.execute("UPDATE " + table + " SET u.no = null WHERE id = 1");

            // Then
            awaitCount(published, 3);
            List<ChangeEvent> events = published.events();
            assertThat(events.get(0).values()).containsExactly(List.of("f"), List.of(List.of("l")), List.of("u"));
            assertThat(events.get(1).values())
                    .containsExactly(
                            List.of("g", 2),
                            List.of(Arrays.asList("l", null), Arrays.asList(null, 3)),
                            Arrays.asList(null, 1));
            assertThat(events.get(2).elements().removed()).containsExactly(null, null, List.of("no"));
            assertThat(application.status(route).deadLetters()).isZero();
            assertThat(application.status(route).state()).isEqualTo(State.RUNNING);
        }
    }

    @Test
    void aSchemaThatTheRegistryRefusesStopsItsTableAloneUntilSomebodyDecides() throws Exception {
        TableId table = tables.create("refused", "id int PRIMARY KEY, a frozen<list<int>>");
        TableId other = tables.create("unharmed", "id bigint PRIMARY KEY, v text");
        try (Published published = new Published(tables.stack(), table.topic());
                Published others = new Published(tables.stack(), other.topic())) {
            String route = application.add(table, "");
            application.add(other, "");
            tables.execute("INSERT INTO " + table + " (id, a) VALUES (1, [1])");
            awaitCount(published, 1);

            // When: the table is made anew, with a column of the same name and another type
            tables.execute("DROP TABLE " + table);
            tables.create("refused", "id int PRIMARY KEY, a blob");
            tables.execute("INSERT INTO " + table + " (id, a) VALUES (1, 0x07)");

            // Then
            await().atMost(PATIENCE).until(() -> application.status(route).state() == State.BLOCKED);
            assertThat(application.status(route).reason())
                    .startsWith("table schema_change_it.refused has a schema that readers of its older changes can't "
                            + "follow")
                    .contains("schema_change_it.refused-value")
                    .contains("then start the route again");
            tables.insert(other, 0, 1);
            awaitCount(others, 1);

            // When
            setCompatibility("NONE");
            await().atMost(PATIENCE)
                    .until(() -> application
                            .context()
                            .getRouteController()
                            .getRouteStatus(route)
                            .isStopped());
            application.context().getRouteController().startRoute(route);

            // Then
            awaitCount(published, 2);
            assertThat(published.events().get(1).values()).containsExactly(BYTES);
            assertThat(application.status(route).deadLetters()).isZero();
        } finally {
            setCompatibility("BACKWARD");
        }
    }

    /** Of the whole registry: Apicurio takes NONE of a subject for having no level of its own. */
    private static void setCompatibility(String level) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(tables.stack().registryUrl() + "/config"))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"" + level + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
