package io.github.scyllapgcdc.dev;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/**
 * Formats the broker's storage unless it is formatted, then runs the broker, all in one JVM: a second one would cost a
 * start of its own. By reflection, since the broker is on the child's class path only. Argument: its configuration file.
 */
public final class KafkaMain {
    // Any 16 bytes in base64; every cluster has a folder of its own, so none needs another name
    private static final String CLUSTER_ID = "c2N5bGxhLXBnLWNkYy1kZQ";

    private KafkaMain() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        String[] format = {"format", "--ignore-formatted", "--cluster-id", CLUSTER_ID, "--config", args[0]};
        int code = (int) Class.forName("kafka.tools.StorageTool")
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(null, format, System.out);
        if (code != 0) {
            System.exit(code);
        }
        try {
            Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }
}
