package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** A small properties file that only its owner can read, replaced as a whole at every change. */
final class PropertiesFile {
    private final Path path;

    PropertiesFile(Path path) {
        this.path = path;
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(read().get(key));
    }

    void put(String key, String value) {
        Map<String, String> all = read();
        all.put(key, value);
        write(all);
    }

    /** Sorted by key; empty when there is no file. */
    Map<String, String> read() {
        Map<String, String> all = new TreeMap<>();
        if (Files.exists(path)) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(path)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + path, e);
            }
            properties.forEach((key, value) -> all.put((String) key, (String) value));
        }
        return all;
    }

    /** Replaces the file; a reader sees all of the old or all of the new. */
    void write(Map<String, String> all) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Path next = Files.createTempFile(
                    path.toAbsolutePath().getParent(),
                    path.getFileName().toString(),
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (Writer writer = Files.newBufferedWriter(next)) {
                // Not Properties.store, whose escapes of ':' and '=' only Java reads
                for (Map.Entry<String, String> each : new TreeMap<>(all).entrySet()) {
                    writer.write(each.getKey() + "=" + each.getValue().replace("\\", "\\\\") + "\n");
                }
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + path, e);
        }
    }
}
