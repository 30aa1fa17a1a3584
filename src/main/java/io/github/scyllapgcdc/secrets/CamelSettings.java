package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.util.IOHelper;

/**
 * The properties as Camel sees them: an environment variable ({@code SCYLLA_CONTACT_POINTS}) overrides a system property,
 * which overrides application.properties; placeholders are resolved.
 *
 * <p>Camel's own lookup takes a placeholder that cannot be resolved for a property that is not set, which would leave a
 * credential out in silence; here it is an error that names the property.
 */
public final class CamelSettings implements Settings.Source {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]*}}");

    private final PropertiesComponent properties;

    public CamelSettings(CamelContext context) {
        this.properties = context.getPropertiesComponent();
    }

    @Override
    public Optional<String> value(String property) {
        String raw = raw(property);
        if (raw == null || !raw.contains("{{")) {
            return Optional.ofNullable(raw);
        }
        try {
            return Optional.of(properties.parseUri("{{" + property + "}}"));
        } catch (RuntimeException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof ConfigurationException known) {
                    throw new ConfigurationException(property + ": " + known.getMessage(), e);
                }
            }
            throw new ConfigurationException(
                    property + " refers to " + String.join(" and ", placeholders(raw)) + ", which is not set", e);
        }
    }

    @Override
    public Map<String, String> startingWith(String prefix) {
        TreeSet<String> names = new TreeSet<>();
        names.addAll(properties.loadProperties(name -> name.startsWith(prefix)).stringPropertyNames());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(names::add);
        String variables = prefix.toUpperCase(Locale.ROOT).replace('.', '_');
        System.getenv().keySet().stream()
                .filter(name -> name.startsWith(variables))
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '.'))
                .forEach(names::add);
        Map<String, String> found = new TreeMap<>();
        names.forEach(name -> value(name).ifPresent(value -> found.put(name, value)));
        return found;
    }

    /** Whether a property refers to a secret in Vault. */
    boolean isFromVault(String property) {
        String raw = raw(property);
        return raw != null && raw.contains("{{hashicorp:");
    }

    private String raw(String property) {
        String value = IOHelper.lookupEnvironmentVariable(property);
        if (value == null) {
            value = System.getProperty(property);
        }
        if (value == null) {
            Properties found = properties.loadProperties(property::equals);
            value = found.getProperty(property);
        }
        return value;
    }

    private static List<String> placeholders(String raw) {
        return new ArrayList<>(
                PLACEHOLDER.matcher(raw).results().map(MatchResult::group).toList());
    }
}
