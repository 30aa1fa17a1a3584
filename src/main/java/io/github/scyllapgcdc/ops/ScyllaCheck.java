package io.github.scyllapgcdc.ops;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.ScyllaConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Asks ScyllaDB for one row of its own, through the pipeline's session. */
final class ScyllaCheck implements Server.Check {
    private static final SimpleStatement QUERY = SimpleStatement.builder("SELECT key FROM system.local")
            .setTimeout(Duration.ofSeconds(5))
            .build();

    private final ScyllaConfig config;
    private final Supplier<CqlSession> session;

    ScyllaCheck(ScyllaConfig config, Supplier<CqlSession> session) {
        this.config = config;
        this.session = session;
    }

    @Override
    public void run() throws IOException {
        Listening.requireOne(config.contactPoints());
        try {
            session.get().execute(QUERY);
        } catch (NoNodeAvailableException e) {
            throw wrongDatacenterOr(e);
        } catch (AllNodesFailedException e) {
            Throwable first = e.getAllErrors().values().stream()
                    .flatMap(List::stream)
                    .findFirst()
                    .orElse(e);
            if (Failures.cause(first, AuthenticationException.class) != null) {
                throw new ConfigurationException(
                        "ScyllaDB at " + config.address() + " refused "
                                + config.credentials()
                                        .map(Credentials::username)
                                        .map(name -> "user '" + name + "' (scylla.username, scylla.password)")
                                        .orElse("a login without user: set scylla.username and scylla.password"),
                        e);
            }
            throw new IOException(Failures.line(first), e);
        }
    }

    private IOException wrongDatacenterOr(NoNodeAvailableException e) {
        TreeSet<String> known = new TreeSet<>();
        session.get().getMetadata().getNodes().values().stream()
                .map(Node::getDatacenter)
                .filter(Objects::nonNull)
                .forEach(known::add);
        if (!known.isEmpty() && !known.contains(config.localDatacenter())) {
            throw new ConfigurationException(
                    "scylla.local-datacenter=" + config.localDatacenter() + " is refused: the cluster at "
                            + config.address() + " has " + String.join(", ", known),
                    e);
        }
        return new IOException("no node is up", e);
    }
}
