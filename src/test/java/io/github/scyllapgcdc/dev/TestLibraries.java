package io.github.scyllapgcdc.dev;

import java.nio.file.Path;

/** Jars that only a test needs, and only in a JVM of its own. */
public final class TestLibraries {
    private TestLibraries() {}

    /** One file of the Maven repository: {@code group:artifact:type:classifier:version}. */
    public static Path file(String coordinates) {
        try (Libraries libraries =
                new Libraries(Path.of("target", "test-libraries.properties"), StackListener.SILENT)) {
            return libraries.file(coordinates);
        }
    }
}
