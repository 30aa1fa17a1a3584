package io.github.scyllapgcdc.config;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who the application logs in as at one server. It changes when the secret behind it is rotated: whoever opens a connection takes
 * what is {@linkplain #current() current} then, and whoever keeps connections {@linkplain #onChange follows}. May be used by any
 * thread.
 */
public final class Login {
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private volatile Optional<Credentials> current;
    private volatile Runnable doubted = () -> {};

    public Login(Optional<Credentials> first) {
        this.current = first;
    }

    /** No user and no password, for ever: the server asks for none. */
    public static Login none() {
        return new Login(Optional.empty());
    }

    /** What a new connection logs in with; empty where the server asks for nothing. */
    public Optional<Credentials> current() {
        return current;
    }

    /** For messages: the user's name. */
    public Optional<String> username() {
        return current.map(Credentials::username);
    }

    /** Takes what the secret has become, and tells those who follow; answers whether that was anything new. */
    public boolean change(Optional<Credentials> next) {
        if (next.equals(current)) {
            return false;
        }
        current = next;
        followers.forEach(Runnable::run);
        return true;
    }

    /** Has something run after each change, such as the closing of connections that were made with what was current before. */
    public void onChange(Runnable follower) {
        followers.add(follower);
    }

    /** Says that what is current may be so no longer: a server refused it, or a connection was lost and is made anew. */
    public void doubt() {
        doubted.run();
    }

    /** Who looks at the secret again when it is doubted; must return at once. */
    public void whenDoubted(Runnable look) {
        doubted = look;
    }

    @Override
    public String toString() {
        return "Login[" + username().orElse("") + "]";
    }
}
