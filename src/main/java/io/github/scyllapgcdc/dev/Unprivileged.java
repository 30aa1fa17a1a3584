package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command prefix under which PostgreSQL, which refuses to run as root, runs even so: in a user namespace that knows no
 * root, where the kernel allows that, else as the user {@code nobody}. For any other user it is empty.
 */
final class Unprivileged {
    private static final String NOBODY = "65534";
    private static final List<String> NAMESPACE = List.of("unshare", "-U");
    private static final List<String> OTHER_USER =
            List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");

    private final List<String> prefix;

    private Unprivileged(List<String> prefix) {
        this.prefix = prefix;
    }

    /** The way that works here for this program, which must know {@code --version}. */
    static Unprivileged forProgram(Path program) throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Unprivileged(List.of());
        }
        for (List<String> way : List.of(NAMESPACE, OTHER_USER)) {
            if (works(way, program.toString(), "--version")) {
                return new Unprivileged(way);
            }
        }
        throw new StackException("PostgreSQL does not run as root, and neither '" + String.join(" ", NAMESPACE)
                + "' nor setpriv can run " + program + " as somebody else: run this as an ordinary user");
    }

    List<String> prefix() {
        return prefix;
    }

    /** Gives a folder to the user that the program runs as. */
    void own(Path folder) throws InterruptedException {
        if (prefix.equals(OTHER_USER) && !works(List.of(), "chown", "-R", NOBODY + ":" + NOBODY, folder.toString())) {
            throw new StackException("Cannot give " + folder + " to the user nobody");
        }
    }

    private static boolean works(List<String> prefix, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
