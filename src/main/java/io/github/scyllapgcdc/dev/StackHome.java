package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;

/** What the servers of one stack share on disk: their folders, ports and passwords. */
final class StackHome {
    private final Path dir;
    private final Ports ports;
    private final PropertiesFile secrets;

    StackHome(Path dir, boolean wellKnownPorts) {
        this.dir = dir.toAbsolutePath().normalize();
        this.ports = new Ports(this.dir.resolve("ports.properties"), wellKnownPorts);
        this.secrets = new PropertiesFile(this.dir.resolve("secrets.properties"));
    }

    /** Forgets all that the servers of this folder ever held. */
    void wipe() {
        for (Server server : Server.values()) {
            delete(folder(server));
        }
        delete(dir.resolve("ports.properties"));
        delete(dir.resolve("secrets.properties"));
    }

    Path folder(Server server) {
        return dir.resolve(server.id());
    }

    Path log(String name) {
        return dir.resolve("logs").resolve(name + ".log");
    }

    int port(Server server) {
        return ports.claim(server.id(), server.preferredPort());
    }

    int port(String purpose, int preferred) {
        return ports.claim(purpose, preferred);
    }

    /** A password of this stack: made up at its first use, the same from then on. */
    synchronized String secret(String name) {
        return secrets.get(name).orElseGet(() -> {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            String made = HexFormat.of().formatHex(random);
            secrets.put(name, made);
            return made;
        });
    }

    /** Where unpacked servers are kept for all stacks of this user. */
    static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("scylla-pg-cdc");
    }

    static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }
}
