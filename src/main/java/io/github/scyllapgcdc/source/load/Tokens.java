package io.github.scyllapgcdc.source.load;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import java.nio.ByteBuffer;
import java.util.List;

/** Where partitions are in the token ring. May be used by several threads. */
public final class Tokens {
    private final CqlSession session;

    public Tokens(CqlSession session) {
        this.session = session;
    }

    /** The token of a partition, by its key's columns as CQL serialises them. */
    public long of(List<ByteBuffer> partitionKey) {
        TokenMap tokens = session.getMetadata()
                .getTokenMap()
                .orElseThrow(
                        () -> new IllegalStateException("the CQL driver does not know the cluster's token ring yet"));
        return Long.parseLong(tokens.format(
                tokens.newToken(partitionKey.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new))));
    }
}
