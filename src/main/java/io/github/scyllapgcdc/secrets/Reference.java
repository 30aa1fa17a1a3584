package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;

/** What a placeholder names; {@code cdc:scylla#username} is the field username of the secret scylla in engine cdc. */
record Reference(String engine, String secret, String field) {
    /** @throws ConfigurationException if it names none, or a default: that would be used, in silence, whenever Vault is down */
    static Reference parse(String remainder) {
        int colon = remainder.indexOf(':');
        int hash = remainder.indexOf('#');
        if (colon <= 0 || hash < colon + 2 || hash == remainder.length() - 1) {
            throw new ConfigurationException(
                    "{{hashicorp:" + remainder + "}} is refused: expected {{hashicorp:engine:secret#field}}");
        }
        if (remainder.indexOf(':', hash) >= 0) {
            throw new ConfigurationException("{{hashicorp:" + remainder.substring(0, remainder.indexOf(':', hash))
                    + ":…}} is refused: a default would hide a Vault that is down, remove it");
        }
        return new Reference(
                remainder.substring(0, colon), remainder.substring(colon + 1, hash), remainder.substring(hash + 1));
    }

    String path() {
        return engine + "/" + secret;
    }

    @Override
    public String toString() {
        return "secret " + path() + " (placeholder {{hashicorp:" + engine + ":" + secret + "#" + field + "}})";
    }
}
