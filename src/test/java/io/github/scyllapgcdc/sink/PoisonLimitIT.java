package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When everything is refused it is not the records that are wrong: the table stops, rather than pour its topic into the dead letters. */
class PoisonLimitIT extends SinkTestSupport {
    @Test
    void aTargetThatRefusesEverythingStopsTheTable() throws Exception {
        // Given a table that accepts nothing, and more records than may be refused in a row
        createUsers(table("users"));
        execute("ALTER TABLE " + table("users") + " ADD CONSTRAINT wrong CHECK (name = 'nobody')");
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        for (long i = 0; i < 500; i++) {
            topic.sendTo(0, users.insert(List.of(i), Map.of("name", "n" + i)));
        }
        topic.flush();

        // When they are applied
        SinkApplication application =
                sink(Map.of("sink.errors.max-consecutive", "120", "sink.batch.size", "50"), topic);

        // Then the table stops before more than that are dead letters
        awaitStopped(application, topic.name(), "sink.errors.max-consecutive=120", "check constraint");
        assertThat(deadLetters(topic.name())).hasSizeLessThanOrEqualTo(120);

        // And goes on where it stopped once the target is right
        execute("ALTER TABLE " + table("users") + " DROP CONSTRAINT wrong");
        int refused = deadLetters(topic.name()).size();
        application.context().getRouteController().startRoute(SinkApplication.routeId(topic.name()));
        settle(topic);
        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo(Integer.toString(500 - refused));
        assertThat(deadLetters(topic.name())).hasSize(refused);
    }

    @Test
    void refusedRecordsAmongGoodOnesStopNothing() throws Exception {
        createUsers(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        for (long i = 0; i < 300; i++) {
            topic.sendTo(0, users.insert(List.of(i), Map.of("name", i % 4 == 0 ? "good" : "b\0d")));
        }

        SinkApplication application = sink(Map.of("sink.errors.max-consecutive", "3"), topic);
        settle(topic);

        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("75");
        assertThat(application.status(topic.name()).up()).isTrue();
    }

    @Test
    void aRegistryThatKnowsNothingOfTheTopicStopsTheTable() throws Exception {
        // Given records whose schema id the registry does not have, in a topic that it has no schema of at all
        EventTopic topic = topic("users");
        for (int i = 0; i < 10; i++) {
            topic.sendRaw(0, new byte[] {0, 0x7f, 0, 0, 0, 1}, new byte[] {0, 0x7f, 0, 0, 0, 1, 2});
        }
        topic.flush();

        SinkApplication application = sink(topic);

        awaitStopped(application, topic.name(), "not the registry that the topic was written with");
        assertThat(deadLetters(topic.name())).isEmpty();
    }
}
