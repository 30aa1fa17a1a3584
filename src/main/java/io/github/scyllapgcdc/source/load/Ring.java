package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.source.generation.Generation;
import io.github.scyllapgcdc.source.log.StreamId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which part of the token ring belongs to which stream group of a generation. */
public final class Ring {
    /** Of a group that has the whole ring, as where tables use tablets: a query each. */
    private static final int SLICES = 64;

    private final Tokens tokens;
    private final Map<Integer, List<TokenRange>> ranges;
    private final NavigableMap<Long, Integer> groupsByEnd = new TreeMap<>();

    Ring(CqlSession session, Map<Integer, List<TokenRange>> ranges) {
        this.tokens = new Tokens(session);
        this.ranges = ranges;
        ranges.forEach((group, ofGroup) -> ofGroup.forEach(range -> groupsByEnd.put(range.upTo(), group)));
    }

    /**
     * The ring as the generation divides it.
     *
     * @throws IllegalStateException if the cluster does not tell; it may do so later
     */
    public static Ring of(CqlSession session, Generation generation, ConsistencyLevel consistency) {
        Map<StreamId, Integer> groups = new HashMap<>();
        generation.groups().forEach((group, streams) -> streams.forEach(stream -> groups.put(stream, group)));
        SortedMap<Long, Integer> groupsByEnd = new TreeMap<>();
        for (Row row : session.execute(SimpleStatement.newInstance(
                        "SELECT range_end, streams FROM system_distributed.cdc_streams_descriptions_v2 WHERE time = ?",
                        Instant.ofEpochMilli(generation.start()))
                .setConsistencyLevel(consistency)
                .setIdempotent(true))) {
            Set<ByteBuffer> streams = row.getSet("streams", ByteBuffer.class);
            Integer group = streams == null || streams.isEmpty()
                    ? null
                    : groups.get(StreamId.of(streams.iterator().next()));
            if (group != null) {
                groupsByEnd.put(row.getLong("range_end"), group);
            }
        }
        if (groupsByEnd.size() == generation.groups().size() && groupsByEnd.size() > 1) {
            return new Ring(session, byEnds(groupsByEnd));
        }
        if (generation.groups().size() == 1) {
            return new Ring(
                    session, Map.of(generation.groups().keySet().iterator().next(), slices()));
        }
        throw new IllegalStateException("system_distributed.cdc_streams_descriptions_v2 tells the token ranges of "
                + groupsByEnd.size() + " stream groups of the generation of " + Instant.ofEpochMilli(generation.start())
                + ", which has " + generation.groups().size() + "; its rows may not have reached this replica yet");
    }

    /** A group ends, inclusively, at its token and begins behind the one before; the first goes around the ring's end. */
    static Map<Integer, List<TokenRange>> byEnds(SortedMap<Long, Integer> groupsByEnd) {
        Map<Integer, List<TokenRange>> ranges = new HashMap<>();
        long before = groupsByEnd.lastKey();
        boolean first = true;
        for (Map.Entry<Long, Integer> entry : groupsByEnd.entrySet()) {
            long end = entry.getKey();
            List<TokenRange> ofGroup = ranges.computeIfAbsent(entry.getValue(), group -> new ArrayList<>());
            if (first) {
                // No key has the smallest token, so nothing is lost where it is excluded
                ofGroup.add(new TokenRange(Long.MIN_VALUE, end));
                if (before < Long.MAX_VALUE) {
                    ofGroup.add(new TokenRange(before, Long.MAX_VALUE));
                }
            } else {
                ofGroup.add(new TokenRange(before, end));
            }
            before = end;
            first = false;
        }
        return ranges;
    }

    static List<TokenRange> slices() {
        List<TokenRange> slices = new ArrayList<>(SLICES);
        long width = Long.divideUnsigned(-1L, SLICES) + 1;
        long after = Long.MIN_VALUE;
        for (int i = 0; i < SLICES; i++) {
            long upTo = i == SLICES - 1 ? Long.MAX_VALUE : after + width;
            slices.add(new TokenRange(after, upTo));
            after = upTo;
        }
        return slices;
    }

    /** A group's ranges, in the order of their tokens. */
    public List<TokenRange> ranges(int group) {
        return ranges.get(group);
    }

    /** How much of the ring groups have together, from 0 to 1. */
    public double share(Collection<Integer> groups) {
        return groups.stream()
                .flatMap(group -> ranges.get(group).stream())
                .mapToDouble(TokenRange::width)
                .sum();
    }

    /** The group of a partition, by its key's columns as CQL serialises them. */
    public int groupOf(List<ByteBuffer> partitionKey) {
        return groupsByEnd.ceilingEntry(token(partitionKey)).getValue();
    }

    /** The token of a partition, by its key's columns as CQL serialises them. */
    public long token(List<ByteBuffer> partitionKey) {
        return tokens.of(partitionKey);
    }
}
