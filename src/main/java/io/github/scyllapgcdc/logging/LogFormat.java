package io.github.scyllapgcdc.logging;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** How log lines are written ({@code log.format}); {@code logback.xml} includes the file of that name. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object a line, for collectors of logs. */
    JSON;

    private static final String PROPERTY = "log.format";

    /**
     * Sets the format, for which Logback looks when the first logger is made: long before Camel reads the properties. So this
     * looks itself: at the environment ({@code LOG_FORMAT}), the system properties and application.properties.
     *
     * @param folder where application.properties is, if anywhere
     * @throws ConfigurationException if the value is none of the two
     */
    public static void choose(Path folder) {
        System.setProperty(PROPERTY, of(folder, System.getenv()).name().toLowerCase(Locale.ROOT));
    }

    static LogFormat of(Path folder, Map<String, String> environment) {
        String value = environment.get("LOG_FORMAT");
        if (value == null) {
            value = System.getProperty(PROPERTY);
        }
        if (value == null) {
            value = inFile(folder.resolve("application.properties"));
        }
        return Settings.of(value == null ? Map.of() : Map.of(PROPERTY, value)).choice(PROPERTY, TEXT);
    }

    private static String inFile(Path file) {
        Properties properties = new Properties();
        if (Files.isReadable(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                return null; // Camel reads it next, and says what is wrong with it
            }
        }
        return properties.getProperty(PROPERTY);
    }
}
