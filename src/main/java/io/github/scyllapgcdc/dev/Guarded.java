package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;

/**
 * Runs the main class named by the first argument in this JVM, and ends the JVM when standard input closes. The parent
 * holds the other end of that pipe and never writes to it, so the operating system closes it when the parent is gone,
 * even after kill -9: no server outlives the program that started it, and none needs a second process as its keeper.
 */
public final class Guarded {
    /** How long a server may take to stop in order; then it is halted. */
    static final Duration GRACE = Duration.ofSeconds(8);

    private Guarded() {}

    /** Arguments: the main class to run, then its own arguments. */
    public static void main(String[] args) throws ReflectiveOperationException {
        if (args.length == 0) {
            throw new IllegalArgumentException("Name the main class to run");
        }
        ignoreInterrupts();
        InputStream lifeline = System.in;
        System.setIn(InputStream.nullInputStream());
        Thread guard = new Thread(() -> endWith(lifeline), "guard");
        guard.setDaemon(true);
        guard.start();
        run(args[0], Arrays.copyOfRange(args, 1, args.length));
    }

    private static void run(String mainClass, String[] args) throws ReflectiveOperationException {
        Method main = Class.forName(mainClass).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            // Threads that the server already started must not keep a JVM alive that serves nothing
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }

    private static void endWith(InputStream lifeline) {
        try {
            while (lifeline.read() >= 0) {
                // Nothing is ever written to it
            }
        } catch (IOException e) {
            System.err.println("Standard input broke: " + e.getMessage());
        }
        Thread halt = new Thread(Guarded::haltAfterGrace, "guard-halt");
        halt.setDaemon(true);
        halt.start();
        System.exit(0);
    }

    private static void haltAfterGrace() {
        try {
            Thread.sleep(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    /**
     * Ctrl-C reaches every process of the terminal's group. The parent alone decides what stops, and in which order, so
     * this JVM must not answer it. Reflection, since the compiler takes {@code sun.misc} for an error.
     */
    private static void ignoreInterrupts() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object interrupt = signal.getConstructor(String.class).newInstance("INT");
        signal.getMethod("handle", signal, handler)
                .invoke(null, interrupt, handler.getField("SIG_IGN").get(null));
    }

    /** A native program in the foreground of a guard: a main class to run under {@link Guarded}. */
    public static final class Program {
        private Program() {}

        /** Arguments: the signal that asks the program to end (as {@code kill -s} takes it), then its command line. */
        public static void main(String[] args) throws IOException, InterruptedException {
            Process program = new ProcessBuilder(Arrays.copyOfRange(args, 1, args.length))
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(program, args[0]), "end-program"));
            System.exit(program.waitFor());
        }

        private static void end(Process program, String signal) {
            try {
                if (program.isAlive()) {
                    Signals.send(signal, program.pid());
                }
                if (!program.waitFor(GRACE.toMillis() - 1000, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    program.destroyForcibly();
                }
            } catch (IOException e) {
                program.destroyForcibly();
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                program.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
