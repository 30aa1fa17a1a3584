package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.VaultConfig;
import io.github.scyllapgcdc.secrets.CamelSettings;
import io.github.scyllapgcdc.secrets.VaultSecrets;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Where the commands find things: the working directory first, then the checkout that holds {@code ./cdc}. A stack that
 * {@code ./cdc dev} started has written {@code .dev/stack.properties}.
 */
public final class Home {
    static final String NO_STACK = "no running stack found: start one with ./cdc dev";
    private static final String STACK = ".dev/stack.properties";
    private static final String APPLICATION = "application.properties";

    private final List<Path> places;
    private Settings settings;

    /** @param places where to look, in this order */
    Home(List<Path> places) {
        this.places = places;
    }

    public static Home find() {
        Stream<String> places = Stream.of("", System.getProperty("cdc.home", ""));
        return new Home(places.map(place -> Path.of(place).toAbsolutePath().normalize())
                .distinct()
                .toList());
    }

    /** What the running development stack wrote about itself. */
    public Optional<Properties> stack() {
        return first(STACK).map(Home::load);
    }

    /** The folder that holds application.properties, and with it {@code routes/}. */
    Path folder() {
        return first(APPLICATION)
                .map(Path::getParent)
                .orElseThrow(() -> new CliException("no " + APPLICATION + " in " + places.get(0)
                        + ": run this in the folder that holds it and routes/"));
    }

    /** Whether there is an application.properties to read. */
    boolean isThere() {
        return first(APPLICATION).isPresent();
    }

    /** application.properties with its overrides and placeholders, as the application reads them; Vault included. */
    public Settings settings() {
        if (settings == null) {
            settings = readSettings();
        }
        return settings;
    }

    private Settings readSettings() {
        Path file = folder().resolve(APPLICATION);
        DefaultCamelContext context = new DefaultCamelContext();
        context.getPropertiesComponent().setLocation("file:" + file);
        Settings read = new Settings(new CamelSettings(context));
        VaultSecrets secrets = new VaultSecrets(() -> VaultConfig.of(read), () -> true);
        secrets.started(); // a command does not wait for a Vault that is down
        context.getPropertiesComponent().addPropertiesFunction(secrets);
        context.build();
        return read;
    }

    private Optional<Path> first(String name) {
        return places.stream()
                .map(place -> place.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Properties load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new CliException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
