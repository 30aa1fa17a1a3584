package io.github.scyllapgcdc.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the application logs in at Vault. What comes from a file is read anew at each log-in, so that an agent may replace a token,
 * or whoever rotates secret ids one of those.
 */
public sealed interface VaultLogin {
    /** A token, which is used as it is. */
    record Token(Value token) implements VaultLogin {}

    /**
     * Vault's AppRole.
     *
     * @param path where the method is enabled, {@code vault.approle.path}
     */
    record AppRole(String path, Value roleId, Value secretId) implements VaultLogin {}

    /** A value of a property, or of the file that a property names. */
    final class Value {
        private final String property;
        private final String text;
        private final Optional<Path> file;

        private Value(String property, String text, Optional<Path> file) {
            this.property = property;
            this.text = text;
            this.file = file;
        }

        /** Empty if neither {@code property} nor {@code fileProperty} is set. */
        static Optional<Value> of(Settings settings, String property, String fileProperty) {
            Optional<Value> text =
                    settings.optional(property).map(value -> new Value(property, value, Optional.empty()));
            Optional<Value> file = settings.optional(fileProperty)
                    .map(name -> new Value(fileProperty, "", Optional.of(Path.of(name))));
            if (text.isPresent() && file.isPresent()) {
                throw new ConfigurationException(property + " and " + fileProperty + " are both set: keep one of them");
            }
            return text.or(() -> file);
        }

        /**
         * The value as it is now.
         *
         * @throws ConfigurationException if the file cannot be read or holds nothing
         */
        public String read() {
            if (file.isEmpty()) {
                return text;
            }
            String name = property + "=" + file.get();
            try {
                String value =
                        Files.readString(file.get(), StandardCharsets.UTF_8).strip();
                if (value.isEmpty()) {
                    throw new ConfigurationException(name + " is refused: the file is empty");
                }
                return value;
            } catch (IOException e) {
                throw new ConfigurationException(name + " is refused: expected a file that can be read", e);
            }
        }

        @Override
        public String toString() {
            return property;
        }
    }
}
