package io.github.scyllapgcdc.config;

/**
 * The configuration cannot be used. The message is one line for an operator: it names the property (or the file), its
 * value unless that is a secret, and what is allowed. The process ends with exit code 2.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The one wording for a property whose value is refused. */
    static ConfigurationException refused(String property, Object value, String allowed) {
        String shown = String.valueOf(value);
        return new ConfigurationException(
                property + (shown.isBlank() ? " is empty" : "=" + shown) + " is refused: expected " + allowed);
    }
}
