package io.github.scyllapgcdc.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * One command as a user types it, run in this JVM.
 *
 * @param code its exit code
 * @param out what it printed
 * @param errors what it printed on standard error
 */
public record CommandRun(int code, String out, String errors) {

    /** Runs a command to its end. */
    public static CommandRun of(String... args) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = Cdc.execute(args);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }
}
