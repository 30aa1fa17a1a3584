package io.github.scyllapgcdc.cli;

import picocli.CommandLine.Command;

/** Prints the version, the Java it runs on and the platform: what a bug report needs. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
    @Override
    public void run() {
        System.out.println(new Cdc.Version().getVersion()[0]);
        System.out.println("Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor")
                + "), " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
