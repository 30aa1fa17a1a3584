package io.github.scyllapgcdc.source.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.scylladb.cdc.cql.BaseMasterCQL;
import com.scylladb.cdc.cql.MasterCQL;
import com.scylladb.cdc.model.TableName;
import io.github.scyllapgcdc.event.TableId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GenerationFollowerTest {
    private static final TableId TABLE = TableId.parse("shop.t");
    private static final Duration OFTEN = Duration.ofMillis(20);

    /** The table of generations, in memory; each generation has two groups of one stream. */
    private static final class Generations extends BaseMasterCQL implements MasterCQL {
        private final NavigableSet<Long> starts = new ConcurrentSkipListSet<>();
        private final AtomicLong ttlSeconds = new AtomicLong();

        @Override
        protected CompletableFuture<Optional<Date>> fetchSmallestGenerationAfter(Date after) {
            Long next = starts.higher(after.toInstant().toEpochMilli());
            return CompletableFuture.completedFuture(
                    Optional.ofNullable(next).map(millis -> Date.from(Instant.ofEpochMilli(millis))));
        }

        @Override
        protected CompletableFuture<Set<ByteBuffer>> fetchStreamsForGeneration(Date start) {
            return CompletableFuture.completedFuture(Set.of(stream(0), stream(1)));
        }

        private static ByteBuffer stream(int vnode) {
            return ByteBuffer.allocate(16)
                    .putLong(vnode)
                    .putLong(((long) vnode << 4) | 1)
                    .flip();
        }

        @Override
        protected CompletableFuture<Optional<Date>> fetchSmallestTableGenerationAfter(TableName table, Date after) {
            return fetchSmallestGenerationAfter(after);
        }

        @Override
        protected CompletableFuture<Set<ByteBuffer>> fetchStreamsForTableGeneration(TableName table, Date start) {
            return fetchStreamsForGeneration(start);
        }

        @Override
        public CompletableFuture<Optional<Long>> fetchTableTTL(TableName table) {
            long ttl = ttlSeconds.get();
            return CompletableFuture.completedFuture(ttl == 0 ? Optional.empty() : Optional.of(ttl));
        }

        @Override
        public CompletableFuture<Optional<Throwable>> validateTable(TableName table) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public Boolean usesTablets(TableName table) {
            return false;
        }
    }

    private final Generations generations = new Generations();
    private final AtomicLong published = new AtomicLong();

    private GenerationFollower follow(OptionalLong begun) {
        return new GenerationFollower(
                generations, TABLE, begun, (generation, until) -> published.get() >= until, OFTEN);
    }

    @Test
    void givesTheStreamsOfTheFirstGenerationByGroup() {
        // Given
        generations.starts.add(1_000L);

        // When
        try (GenerationFollower follower = follow(OptionalLong.empty())) {
            await().until(() -> follower.current().isPresent());

            // Then
            Generation current = follower.current().orElseThrow();
            assertThat(current.start()).isEqualTo(1_000);
            assertThat(current.groups()).containsOnlyKeys(0, 1);
            assertThat(current.groups().get(1)).hasSize(1);
            assertThat(current.skipped()).isEmpty();
        }
    }

    @Test
    void movesOnOnlyWhenTheOldGenerationIsPublishedToItsEnd() {
        // Given
        generations.starts.add(1_000L);
        try (GenerationFollower follower = follow(OptionalLong.of(1_000))) {
            await().until(() -> follower.current().isPresent());

            // When
            generations.starts.add(5_000L);
            published.set(4_999);

            // Then
            await().during(Duration.ofMillis(300))
                    .until(() -> follower.current().orElseThrow().start() == 1_000);
            assertThat(follower.endOf(1_000)).isEqualTo(5_000);

            // When
            published.set(5_000);

            // Then
            await().until(() -> follower.current().orElseThrow().start() == 5_000);
            assertThat(follower.current().orElseThrow().skipped()).isEmpty();
            assertThat(follower.endOf(5_000)).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void aGenerationThatTheLibraryGivesUpBecauseOfItsTimeToLiveIsTold() {
        // Given
        generations.starts.add(1_000L);
        generations.starts.add(5_000L);
        generations.ttlSeconds.set(60);

        // When
        try (GenerationFollower follower = follow(OptionalLong.of(1_000))) {
            await().until(() -> follower.current().isPresent());

            // Then
            assertThat(follower.current().orElseThrow().start()).isEqualTo(5_000);
            assertThat(follower.current().orElseThrow().skipped()).hasValue(1_000);
        }
    }
}
