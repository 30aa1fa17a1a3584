package io.github.scyllapgcdc.ship;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings of application.properties, the commented ones included, by the names of their environment variables. */
final class KnownSettings {
    private static final Pattern PROPERTY = Pattern.compile("(?m)^#?([a-z][A-Za-z0-9.-]*)=");

    private KnownSettings() {}

    static Set<String> asVariables() {
        return PROPERTY.matcher(text(Path.of("application.properties")))
                .results()
                .map(property -> property.group(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
                .collect(Collectors.toSet());
    }

    /** The version that the build gives the application. */
    static String version() {
        return text(Path.of("pom.xml"))
                .replaceFirst("(?s).*?<artifactId>scylla-pg-cdc</artifactId>\\s*<version>([^<]+)</version>.*", "$1");
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
