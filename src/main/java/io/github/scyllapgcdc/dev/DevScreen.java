package io.github.scyllapgcdc.dev;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What {@code ./cdc dev} tells the person at the terminal, one line an event, with the seconds since its start. */
class DevScreen implements StackListener {
    private static final long FETCH_REPORT_NANOS = Duration.ofSeconds(2).toNanos();

    private final PrintStream out;
    private final boolean verbose;
    private final long begin = System.nanoTime();
    private int fetched;
    private long lastFetchReport;

    DevScreen(PrintStream out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** One line of progress. */
    void step(String what, String about) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        say(String.format(Locale.ROOT, "%7.1f s  %-10s %s", seconds, what, about));
    }

    @Override
    public void resolving(Server server) {
        if (verbose) {
            step("resolving", server.label());
        }
    }

    @Override
    public synchronized void downloaded(String library, long milliseconds) {
        fetched++;
        if (verbose || System.nanoTime() - lastFetchReport > FETCH_REPORT_NANOS) {
            lastFetchReport = System.nanoTime();
            step("fetched", fetched + (fetched == 1 ? " library" : " libraries") + ", the last " + library);
        }
    }

    @Override
    public void starting(Server server, int port) {
        step("starting", server.label() + " on 127.0.0.1:" + port);
    }

    @Override
    public void ready(Server server, Duration took) {
        step("ready", server.label());
    }

    /** The last screen: what runs where, and what to try. */
    void running(StackEndpoints at, AppProcess app, int managementPort, Path logs) {
        StringBuilder text = new StringBuilder("\n");
        servers(text, at);
        rows(text, new String[][] {
            {"Application", "http://127.0.0.1:" + app.serverPort() + "/health", "process " + app.pid()},
            {"Metrics", "http://127.0.0.1:" + managementPort + "/observe/metrics", ""},
            {"Jolokia (JMX)", "http://127.0.0.1:" + managementPort + "/observe/jolokia", "./cdc hawtio shows the routes"
            },
            {"Logs", logs.toString(), ""},
        });
        text.append("""

                Try in another terminal:

                  ./cdc cql "INSERT INTO ecommerce.users (user_id, email, name) VALUES (1, 'alice@example.com', 'Alice Smith')"
                  ./cdc sql "SELECT * FROM ecommerce.users"

                A change is in PostgreSQL about three seconds after Scylla accepted it. Ctrl-C stops everything and keeps
                the data; ./cdc dev --fresh forgets it.
                """);
        say(text.toString());
        step("ready", "all of it");
    }

    /** The last screen of the servers alone. */
    void serversAlone(StackEndpoints at, Path properties) {
        StringBuilder text = new StringBuilder("\n");
        servers(text, at);
        text.append("\nThe same as properties of the application: ").append(properties);
        text.append(
                "\nTo run the routes with live reload: jbang/README.md. Ctrl-C stops everything and keeps the data.\n");
        say(text.toString());
        step("ready", "the servers");
    }

    private static void servers(StringBuilder text, StackEndpoints at) {
        rows(text, new String[][] {
            {"Scylla stand-in", at.scyllaHost() + ":" + at.scyllaPort(), "Cassandra with a CDC plug-in, not ScyllaDB"},
            {"Kafka", at.kafkaBootstrap(), "plain text"},
            {"Schema registry", at.registryUrl(), "Apicurio, Confluent's interface"},
            {"PostgreSQL", at.postgresUrl(), "user " + at.postgresUser() + ", password in .dev/stack.properties"},
            {"Vault stand-in", at.vaultAddress(), "not HashiCorp Vault"},
        });
    }

    private static void rows(StringBuilder text, String[][] rows) {
        for (String[] row : rows) {
            text.append(String.format(Locale.ROOT, "  %-16s %-44s %s", row[0], row[1], row[2])
                    .stripTrailing());
            text.append('\n');
        }
    }
}
