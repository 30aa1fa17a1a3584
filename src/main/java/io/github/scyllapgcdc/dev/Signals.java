package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** POSIX signals, which {@link Process} cannot send beyond SIGTERM and SIGKILL. */
final class Signals {
    private Signals() {}

    /**
     * Sends one signal.
     *
     * @param signal its name without SIG
     * @throws IOException when {@code kill} cannot be run
     */
    static void send(String signal, long... pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        for (long pid : pids) {
            command.add(Long.toString(pid));
        }
        // A process that ended meanwhile is no error here, so the exit code tells nothing
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
