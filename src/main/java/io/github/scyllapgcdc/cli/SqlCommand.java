package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.PostgresConfig;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.ops.Failures;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./cdc sql}: what psql is for, without psql. */
@Command(
        name = "sql",
        description = "Run SQL statements on PostgreSQL and print their rows.",
        mixinStandardHelpOptions = true)
final class SqlCommand implements Runnable {
    /** SQL states of a server that is not there. */
    private static final String CONNECTION_FAILURE = "08";

    @Mixin
    private StatementInput input;

    @Option(
            names = "--url",
            paramLabel = "JDBC-URL",
            description = "The PostgreSQL to talk to (default: the running ./cdc dev, else application.properties).")
    private String url;

    @Option(names = "--username", description = "The user for --url.")
    private String username;

    @Option(
            names = "--password",
            description = "The password for --url; asked for when no value follows.",
            arity = "0..1",
            interactive = true)
    private String password;

    @Override
    public void run() {
        try {
            List<String> statements = input.statements(Dialect.SQL);
            try (Connection connection = connect(Home.find());
                    Statement session = connection.createStatement()) {
                session.setEscapeProcessing(false); // {…} is an array here, not JDBC's escape
                for (String statement : statements) {
                    print(session, session.execute(statement));
                }
            }
        } catch (SQLException e) {
            throw new CliException(explained(e), e);
        } catch (IOException e) {
            throw new CliException("the statements cannot be read: " + e.getMessage(), e);
        }
    }

    /** The server's message and its hint, without the driver's decoration. */
    private static String explained(SQLException e) {
        return Failures.line(e) + (e.getSQLState() == null ? "" : " (SQLSTATE " + e.getSQLState() + ")");
    }

    private Connection connect(Home home) throws SQLException {
        Optional<Properties> stack = home.stack();
        if (url != null) {
            return open(url, Optional.ofNullable(username), Optional.ofNullable(password));
        }
        if (stack.isPresent()) {
            return open(stack.get().getProperty("postgres.jdbcUrl"), Optional.empty(), Optional.empty());
        }
        Settings settings = home.settings();
        String configured = settings.text("postgres.url", "jdbc:postgresql://127.0.0.1:5432/postgres");
        requireListening(configured);
        PostgresConfig postgres = PostgresConfig.of(settings);
        return open(
                postgres.url(),
                postgres.login().current().map(login -> login.username()),
                postgres.login().current().map(login -> login.password()));
    }

    /** Before the credentials are asked for: in a fresh checkout neither PostgreSQL nor Vault is there. */
    private static void requireListening(String url) {
        try (Connection connection = DriverManager.getConnection(url, timeouts())) {
            connection.isValid(0);
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(CONNECTION_FAILURE)) {
                String address = new PostgresConfig(url, Login.none()).address();
                throw new CliException(
                        Home.NO_STACK + " (no PostgreSQL at " + address + " (postgres.url): " + Failures.line(e) + ")",
                        e);
            }
        }
    }

    private static Connection open(String url, Optional<String> user, Optional<String> secret) throws SQLException {
        Properties properties = timeouts();
        user.ifPresent(name -> properties.setProperty("user", name));
        secret.ifPresent(value -> properties.setProperty("password", value));
        return DriverManager.getConnection(url, properties);
    }

    private static Properties timeouts() {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("ApplicationName", "cdc sql");
        properties.setProperty("preferQueryMode", "simple");
        return properties;
    }

    private static void print(Statement session, boolean hasRows) throws SQLException {
        if (!hasRows) {
            int affected = session.getUpdateCount();
            String count = affected == 1 ? "1 row affected" : affected + " rows affected";
            System.out.println(affected > 0 ? count : "OK, " + count);
            return;
        }
        try (ResultSet rows = session.getResultSet()) {
            ResultSetMetaData columns = rows.getMetaData();
            List<String> names = new ArrayList<>();
            List<Boolean> numeric = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnLabel(i));
                numeric.add(SqlValues.isNumber(columns.getColumnType(i)));
            }
            TextTable table = new TextTable(names, numeric);
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= names.size(); i++) {
                    cells.add(SqlValues.format(rows, i));
                }
                table.add(cells);
            }
            System.out.print(table.render());
        }
    }
}
