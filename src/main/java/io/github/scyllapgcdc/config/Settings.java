package io.github.scyllapgcdc.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The properties as text, and their reading into types. A blank value counts as not set. Every failure is a {@link
 * ConfigurationException} that names the property.
 */
public final class Settings {
    private final Source source;

    public Settings(Source source) {
        this.source = source;
    }

    /** Where properties come from; the application's is Camel, with its placeholders and overrides applied. */
    public interface Source {
        /** The value with every placeholder resolved. */
        Optional<String> value(String property);

        /** Every property whose name starts so, by its whole name. */
        Map<String, String> startingWith(String prefix);
    }

    /** Settings of a fixed map, for tools and tests. */
    public static Settings of(Map<String, String> properties) {
        return new Settings(new Source() {
            @Override
            public Optional<String> value(String property) {
                return Optional.ofNullable(properties.get(property));
            }

            @Override
            public Map<String, String> startingWith(String prefix) {
                Map<String, String> found = new TreeMap<>(properties);
                found.keySet().removeIf(name -> !name.startsWith(prefix));
                return found;
            }
        });
    }

    public Optional<String> optional(String property) {
        return source.value(property).map(String::strip).filter(value -> !value.isEmpty());
    }

    public String text(String property, String byDefault) {
        return optional(property).orElse(byDefault);
    }

    public String required(String property, String allowed) {
        return optional(property)
                .orElseThrow(() -> new ConfigurationException(property + " is not set: expected " + allowed));
    }

    public boolean bool(String property, boolean byDefault) {
        Optional<String> value = optional(property);
        if (value.isEmpty()) {
            return byDefault;
        }
        return switch (value.get().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ConfigurationException.refused(property, value.get(), "true or false");
        };
    }

    public int integer(String property, int byDefault) {
        Optional<String> value = optional(property);
        if (value.isEmpty()) {
            return byDefault;
        }
        try {
            return Integer.parseInt(value.get());
        } catch (NumberFormatException e) {
            throw ConfigurationException.refused(property, value.get(), "a whole number");
        }
    }

    public double decimal(String property, double byDefault) {
        Optional<String> value = optional(property);
        if (value.isEmpty()) {
            return byDefault;
        }
        try {
            return Double.parseDouble(value.get());
        } catch (NumberFormatException e) {
            throw ConfigurationException.refused(property, value.get(), "a number");
        }
    }

    /** One of an enum's constants, written in small letters. */
    public <E extends Enum<E>> E choice(String property, E byDefault) {
        Optional<String> value = optional(property);
        if (value.isEmpty()) {
            return byDefault;
        }
        for (E constant : byDefault.getDeclaringClass().getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(value.get())) {
                return constant;
            }
        }
        String allowed = Arrays.stream(byDefault.getDeclaringClass().getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
        throw ConfigurationException.refused(property, value.get(), allowed);
    }

    public Duration millis(String property, long byDefault) {
        return optionalMillis(property).orElse(Duration.ofMillis(byDefault));
    }

    public Optional<Duration> optionalMillis(String property) {
        return optional(property).map(value -> {
            try {
                return Duration.ofMillis(Long.parseLong(value));
            } catch (NumberFormatException e) {
                throw ConfigurationException.refused(property, value, "a whole number of milliseconds");
            }
        });
    }

    /** A user name and its password; none when the name is not set. */
    public Optional<Credentials> credentials(String prefix) {
        return optional(prefix + ".username")
                .map(username -> new Credentials(
                        username, source.value(prefix + ".password").orElse("")));
    }

    /** The properties under a prefix, which is cut off their names. */
    public Map<String, String> under(String prefix) {
        Map<String, String> found = new TreeMap<>();
        source.startingWith(prefix).forEach((name, value) -> found.put(name.substring(prefix.length()), value));
        return Map.copyOf(found);
    }
}
