package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked of the dead letters: to list, show, replay and purge them. May be used by several threads. */
public final class DeadLetterRequests extends ServiceSupport {
    /** Letters of a list whose query does not say how many. */
    public static final int LISTED = 100;

    private static final int MOST_LISTED = 10_000;
    private static final int REPORTED = 1000;
    private static final int PURGED_AT_ONCE = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRequests.class);

    private final SchemaRegistry registry;
    private final RefreshQueue refreshes;
    private final RecordReplay records;
    private final LetterReader reader;
    private final LetterWriter writer;
    /** A letter that is marked while another request purges it would come back. */
    private final Object changing = new Object();

    /**
     * The requests of an application.
     *
     * @param refreshes where to ask for rows
     * @param records what applies records themselves
     */
    public DeadLetterRequests(
            KafkaConfig kafka, SchemaRegistry registry, RefreshQueue refreshes, RecordReplay records) {
        this.registry = registry;
        this.refreshes = refreshes;
        this.records = records;
        Properties client = kafka.adminProperties();
        this.reader = new LetterReader(client);
        this.writer = new LetterWriter(client);
    }

    /**
     * The letters of a query, the oldest of each topic first: {@code total}, how many there are, and {@code letters}, as
     * many as the query's limit.
     *
     * @throws IllegalArgumentException if the limit is beyond what one answer may hold
     */
    public Map<String, Object> list(LetterQuery query) {
        int limit = query.limit().orElse(LISTED);
        if (limit > MOST_LISTED) {
            throw new IllegalArgumentException("limit=" + limit + " is refused: expected at most " + MOST_LISTED);
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        int[] total = {0};
        visit(query, letter -> {
            total[0]++;
            if (lines.size() < limit) {
                lines.add(LetterView.line(letter));
            }
            return true;
        });
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("total", total[0]);
        answer.put("letters", lines);
        return answer;
    }

    /** All of one letter; empty if there is none with this id. */
    public Optional<Map<String, Object>> show(String id) {
        LetterQuery query = LetterQuery.of(Map.of("ids", List.of(id)));
        AtomicReference<StoredLetter> found = new AtomicReference<>();
        visit(query, letter -> {
            found.set(letter);
            return false;
        });
        return Optional.ofNullable(found.get()).map(letter -> LetterView.whole(letter, new EventCodec(registry)));
    }

    /**
     * Replays the letters of a query, the oldest first: {@code replayed}, {@code before} (left alone, since they were
     * replayed before), {@code failed} and, of some of those, {@code failures} with each {@code id} and {@code reason}.
     *
     * @param again those that were replayed before as well
     * @param raw apply the records themselves rather than ask for their keys
     * @throws NoSuchLetterException if a letter that the query names is not there; then nothing is done
     * @throws CutShortException if Kafka or the registry failed on the way
     */
    public Map<String, Object> replay(LetterQuery query, boolean again, boolean raw) {
        synchronized (changing) {
            requireAll(query.ids());
            LetterReplay replay = new LetterReplay(raw, new EventCodec(registry), refreshes, records, writer);
            int limit = query.limit().orElse(Integer.MAX_VALUE);
            int[] before = {0};
            int[] tried = {0};
            try {
                visit(query, letter -> {
                    if (letter.replayed() && !again) {
                        before[0]++;
                    } else {
                        tried[0]++;
                        replay.add(letter);
                    }
                    return tried[0] < limit;
                });
                replay.finish();
            } catch (KafkaException | RegistryException e) {
                throw new CutShortException("replayed", replay.replayed(), e);
            }
            LOG.info(
                    "Dead letters replayed: how={} replayed={} failed={}",
                    raw ? LetterReplay.RAW : LetterReplay.REFRESH,
                    replay.replayed(),
                    replay.failures().size());
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("replayed", replay.replayed());
            answer.put("before", before[0]);
            answer.put("failed", replay.failures().size());
            answer.put("failures", replay.failures().stream().limit(REPORTED).toList());
            return answer;
        }
    }

    /**
     * Takes the letters of a query away, the oldest first, for good: {@code purged}.
     *
     * @throws NoSuchLetterException if a letter that the query names is not there; then nothing is done
     * @throws CutShortException if Kafka failed on the way
     */
    public Map<String, Object> purge(LetterQuery query) {
        synchronized (changing) {
            requireAll(query.ids());
            int limit = query.limit().orElse(Integer.MAX_VALUE);
            List<StoredLetter> batch = new ArrayList<>();
            int[] purged = {0};
            try {
                visit(query, letter -> {
                    batch.add(letter.withoutValue());
                    purged[0]++;
                    if (batch.size() == PURGED_AT_ONCE) {
                        writer.purge(batch);
                        batch.clear();
                    }
                    return purged[0] < limit;
                });
                writer.purge(batch);
            } catch (KafkaException e) {
                throw new CutShortException("purged", purged[0] - batch.size(), e);
            }
            LOG.info("Dead letters purged: purged={} query=\"{}\"", purged[0], query);
            return Map.of("purged", purged[0]);
        }
    }

    private void requireAll(Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Set<String> missing = new HashSet<>(ids);
        visit(LetterQuery.of(Map.of("ids", ids)), letter -> {
            missing.remove(letter.id());
            return !missing.isEmpty();
        });
        if (!missing.isEmpty()) {
            throw new NoSuchLetterException(missing.iterator().next());
        }
    }

    private void visit(LetterQuery query, Predicate<StoredLetter> visitor) {
        for (String topic : DeadLetterTopic.ALL) {
            if (query.mayBeIn(topic)
                    && !reader.visit(topic, letter -> !query.matches(letter) || visitor.test(letter))) {
                return;
            }
        }
    }

    @Override
    protected void doStop() {
        writer.close();
    }
}
