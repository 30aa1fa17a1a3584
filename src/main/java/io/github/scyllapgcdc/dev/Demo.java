package io.github.scyllapgcdc.dev;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes the quickstart's rows to Scylla, then a change a second, and says of each when PostgreSQL has it. PostgreSQL is
 * asked for the keys in question over one connection; {@code LISTEN} would need a trigger on the replicated table.
 */
final class Demo {
    private static final long CHANGE_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOK_EVERY_MS = 50;
    private static final int FIRST_USER = 100;
    // Enough that a key has rested for longer than a change needs before it changes again
    private static final int USERS = 12;

    private static final String INSERT =
            "INSERT INTO ecommerce.users (user_id, email, name, created_at) VALUES (?, ?, ?, ?)";
    private static final String RENAME = "UPDATE ecommerce.users SET name = ?, updated_at = ? WHERE user_id = ?";
    private static final String DELETE = "DELETE FROM ecommerce.users WHERE user_id = ?";

    private final StackEndpoints endpoints;
    private final Consumer<String> screen;
    private final Map<Long, Pending> pending = new HashMap<>();
    /** What PostgreSQL was seen to have; a row that never arrived is written anew. */
    private final Map<Long, String> names = new HashMap<>();

    private int changes;

    Demo(StackEndpoints endpoints, Consumer<String> screen) {
        this.endpoints = endpoints;
        this.screen = screen;
    }

    /** A change that was written and not seen yet: the name that the row will have, or null when it will be gone. */
    private record Pending(String what, String name, long writtenNanos) {}

    /** Runs until the thread is interrupted. */
    void run() throws InterruptedException {
        screen.accept("Demo: a change a second to ecommerce.users, shown when it is in PostgreSQL.\n");
        while (true) {
            try (CqlSession scylla = CqlSession.builder()
                            .addContactPoint(
                                    InetSocketAddress.createUnresolved(endpoints.scyllaHost(), endpoints.scyllaPort()))
                            .withLocalDatacenter(endpoints.scyllaDatacenter())
                            .build();
                    Connection postgres = DriverManager.getConnection(endpoints.postgresJdbcUrl())) {
                follow(scylla, postgres);
            } catch (DriverException | SQLException e) {
                screen.accept("Demo: " + e.getMessage() + "; trying again");
                TimeUnit.SECONDS.sleep(2);
            }
        }
    }

    private void follow(CqlSession scylla, Connection postgres) throws SQLException, InterruptedException {
        if (changes == 0) {
            insert(scylla, 1, "alice@example.com", "Alice Smith");
            insert(scylla, 2, "bob@example.com", "Bob Jones");
        }
        long next = System.nanoTime();
        while (true) {
            if (System.nanoTime() >= next) {
                change(scylla, FIRST_USER + changes % USERS);
                next += CHANGE_EVERY_NANOS;
            }
            look(postgres);
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
    }

    private void change(CqlSession scylla, long user) {
        if (pending.containsKey(user)) {
            changes++;
            return;
        }
        if (names.get(user) == null) {
            insert(scylla, user, "user" + user + "@example.com", "User " + user);
        } else if (changes % 5 == 0) {
            write(scylla, user, "DELETE user " + user, null, SimpleStatement.newInstance(DELETE, user));
        } else {
            String name = "User " + user + ", renamed by change " + changes;
            write(
                    scylla,
                    user,
                    "UPDATE user " + user + " (name)",
                    name,
                    SimpleStatement.newInstance(RENAME, name, Instant.now(), user));
        }
    }

    private void insert(CqlSession scylla, long user, String email, String name) {
        write(
                scylla,
                user,
                "INSERT user " + user,
                name,
                SimpleStatement.newInstance(INSERT, user, email, name, Instant.now()));
    }

    private void write(CqlSession scylla, long user, String what, String name, SimpleStatement statement) {
        scylla.execute(statement);
        changes++;
        pending.put(user, new Pending(what, name, System.nanoTime()));
    }

    private void look(Connection postgres) throws SQLException {
        if (pending.isEmpty()) {
            return;
        }
        Map<Long, String> rows = read(postgres, pending.keySet().toArray(Long[]::new));
        for (Map.Entry<Long, Pending> each : List.copyOf(pending.entrySet())) {
            Pending change = each.getValue();
            Duration age = Duration.ofNanos(System.nanoTime() - change.writtenNanos());
            boolean landed = change.name() == null
                    ? !rows.containsKey(each.getKey())
                    : change.name().equals(rows.get(each.getKey()));
            if (landed) {
                pending.remove(each.getKey());
                names.put(each.getKey(), change.name());
                screen.accept(String.format(
                        Locale.ROOT, "  %-28s in PostgreSQL after %.2f s", change.what(), age.toMillis() / 1000.0));
            } else if (age.compareTo(PATIENCE) > 0) {
                pending.remove(each.getKey());
                screen.accept(String.format(
                        Locale.ROOT,
                        "  %-28s not in PostgreSQL after %d s: ./cdc health says why",
                        change.what(),
                        PATIENCE.toSeconds()));
            }
        }
    }

    /** The names of those of these users that PostgreSQL has. */
    private static Map<Long, String> read(Connection postgres, Long[] users) throws SQLException {
        Map<Long, String> rows = new HashMap<>();
        if (!exists(postgres)) {
            return rows;
        }
        try (PreparedStatement statement =
                postgres.prepareStatement("SELECT user_id, name FROM ecommerce.users WHERE user_id = ANY (?)")) {
            statement.setArray(1, postgres.createArrayOf("bigint", users));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.put(result.getLong(1), result.getString(2));
                }
            }
        }
        return rows;
    }

    /** The sink creates the table with its first change. */
    private static boolean exists(Connection postgres) throws SQLException {
        try (PreparedStatement statement = postgres.prepareStatement("SELECT to_regclass('ecommerce.users')");
                ResultSet result = statement.executeQuery()) {
            return result.next() && result.getString(1) != null;
        }
    }
}
