package io.github.scyllapgcdc.dev;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a JVM that runs a main class under {@link Guarded}. */
final class JavaCommand {
    private final List<String> jvm = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>();

    JavaCommand jvm(String... options) {
        jvm.addAll(Arrays.asList(options));
        return this;
    }

    /**
     * Lets the optimizing compiler wait for code that is really hot, ten times as long as usual: while five servers start
     * on two processors it would take a third of them, for code that runs once.
     */
    JavaCommand lateOptimizing() {
        return jvm(
                "-XX:Tier4InvocationThreshold=50000",
                "-XX:Tier4MinInvocationThreshold=6000",
                "-XX:Tier4CompileThreshold=150000",
                "-XX:Tier4BackEdgeThreshold=400000");
    }

    JavaCommand classPath(List<Path> entries) {
        classPath.addAll(entries);
        return this;
    }

    /** The command line; the stack's own classes come last, so that a server's files are found before ours. */
    List<String> running(String mainClass, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        classPath.add(codeOf(Guarded.class));
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(Guarded.class.getName());
        command.add(mainClass);
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** The jar or folder that a class of this JVM was loaded from. */
    static Path codeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No path for the code of " + type, e);
        }
    }
}
