package io.github.scyllapgcdc.config;

/** A user name and password. Its text form never holds the password, so that no log or message can. */
public record Credentials(String username, String password) {
    @Override
    public String toString() {
        return "Credentials[" + username + "]";
    }
}
