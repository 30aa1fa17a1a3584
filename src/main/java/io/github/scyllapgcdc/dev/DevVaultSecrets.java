package io.github.scyllapgcdc.dev;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Optional;

/** The secrets of {@link DevVault}: each one's newest version, in a file that only its owner can read. */
final class DevVaultSecrets {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Clock clock;

    DevVaultSecrets(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** The secret as KV version 2 answers a read; empty when nobody wrote it. */
    synchronized Optional<ObjectNode> read(String name) throws IOException {
        ObjectNode kept = (ObjectNode) load().get(name);
        if (kept == null) {
            return Optional.empty();
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.set("data", kept);
        return Optional.of(answer);
    }

    /** Replaces the secret, as its next version. */
    synchronized ObjectNode write(String name, ObjectNode data) throws IOException {
        ObjectNode all = load();
        int version = all.path(name).path("metadata").path("version").asInt() + 1;
        ObjectNode metadata = JSON.createObjectNode()
                .put("created_time", clock.instant().toString())
                .put("deletion_time", "")
                .put("destroyed", false)
                .put("version", version);
        ObjectNode kept = all.putObject(name);
        kept.set("data", data);
        kept.set("metadata", metadata);
        store(all);
        ObjectNode answer = JSON.createObjectNode();
        answer.set("data", metadata);
        return answer;
    }

    private ObjectNode load() throws IOException {
        return Files.exists(file) ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
    }

    private void store(ObjectNode all) throws IOException {
        Path next = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "secrets",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        JSON.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), all);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
