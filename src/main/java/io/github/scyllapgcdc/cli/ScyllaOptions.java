package io.github.scyllapgcdc.cli;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.HostPort;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.config.ScyllaTls;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.fault.TlsRefusal;
import io.github.scyllapgcdc.ops.Failures;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/** Which ScyllaDB a command talks to: the one given, the running development stack's, or application.properties'. */
final class ScyllaOptions {
    private static final String PROPERTY = "scylla.contact-points";
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    @Option(
            names = "--contact-point",
            paramLabel = "HOST:PORT",
            description = "The ScyllaDB to talk to (default: the running ./cdc dev, else application.properties).")
    private String contactPoint;

    @Option(names = "--username", description = "The user for --contact-point.")
    private String username;

    @Option(
            names = "--password",
            description = "The password for --contact-point; asked for when no value follows.",
            arity = "0..1",
            interactive = true)
    private String password;

    /** @param keyspaces whose tables' metadata is needed; none is fetched when empty, which is faster */
    CqlSession connect(Home home, List<String> keyspaces) {
        List<HostPort> points;
        Optional<Credentials> credentials;
        Optional<ScyllaTls> tls = Optional.empty();
        Optional<Properties> stack = home.stack();
        if (contactPoint != null) {
            points = HostPort.list("--contact-point", contactPoint, ScyllaConfig.DEFAULT_PORT);
            credentials = Optional.ofNullable(username)
                    .map(name ->
                            new Credentials(name, Optional.ofNullable(password).orElse("")));
            requireListening(points, "--contact-point");
        } else if (stack.isPresent()) {
            points = HostPort.list(
                    ".dev/stack.properties",
                    stack.get().getProperty("scylla.host") + ":" + stack.get().getProperty("scylla.port"),
                    ScyllaConfig.DEFAULT_PORT);
            credentials = Optional.empty();
            requireListening(points, ".dev/stack.properties");
        } else {
            Settings settings = home.settings();
            points = HostPort.list(
                    PROPERTY,
                    settings.text(PROPERTY, "127.0.0.1:" + ScyllaConfig.DEFAULT_PORT),
                    ScyllaConfig.DEFAULT_PORT);
            // Before the credentials are asked for: in a fresh checkout neither ScyllaDB nor Vault is there
            requireListening(points, PROPERTY);
            ScyllaConfig config = ScyllaConfig.of(settings);
            credentials = config.login().current();
            tls = config.tls();
        }
        return connect(points, credentials, tls, keyspaces);
    }

    private static void requireListening(List<HostPort> points, String from) {
        for (HostPort point : points) {
            try (Socket socket = new Socket()) {
                socket.connect(point.address(), CONNECT_TIMEOUT_MS);
                return;
            } catch (IOException e) {
                if (point.equals(points.get(points.size() - 1))) {
                    String reason = "no ScyllaDB at " + point + " (" + from + "): " + Failures.line(e);
                    throw new CliException(from.equals(PROPERTY) ? Home.NO_STACK + " (" + reason + ")" : reason, e);
                }
            }
        }
    }

    private static CqlSession connect(
            List<HostPort> points, Optional<Credentials> credentials, Optional<ScyllaTls> tls, List<String> keyspaces) {
        ProgrammaticDriverConfigLoaderBuilder options = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10))
                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, !keyspaces.isEmpty())
                // A person at a prompt does not know the name of the data center
                .withString(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, "DcInferringLoadBalancingPolicy");
        if (!keyspaces.isEmpty()) {
            options.withStringList(DefaultDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES, keyspaces);
        }
        CqlSessionBuilder builder = CqlSession.builder()
                .withConfigLoader(options.build())
                .addContactPoints(points.stream().map(HostPort::address).toList());
        credentials.ifPresent(login -> builder.withAuthCredentials(login.username(), login.password()));
        tls.ifPresent(with -> builder.withSslEngineFactory(
                new ProgrammaticSslEngineFactory(with.certificates().context(), null, with.verifyHost())));
        try {
            return builder.build();
        } catch (AllNodesFailedException e) {
            Throwable first = e.getAllErrors().values().stream()
                    .flatMap(List::stream)
                    .findFirst()
                    .orElse(e);
            boolean refused = Failures.cause(first, AuthenticationException.class) != null;
            throw new CliException(
                    "ScyllaDB at " + points.get(0) + (refused ? " refused the login: " : ": ")
                            + TlsRefusal.of(e)
                                    .map(why -> "(scylla.ssl.*) " + why)
                                    .orElse(Failures.line(first)),
                    e);
        }
    }
}
