package io.github.scyllapgcdc.pipeline;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * Runs in a JVM whose class path is Confluent's deserializer and this class: reads lines {@code key|value <topic> <hex>} and prints
 * what the deserializer makes of each.
 */
public final class ConfluentReader {
    private ConfluentReader() {}

    /** Argument: the registry's URL. */
    public static void main(String[] args) throws Exception {
        Class<?> type = Class.forName("io.confluent.kafka.serializers.KafkaAvroDeserializer");
        Method deserialize = type.getMethod("deserialize", String.class, byte[].class);
        Object forKeys = deserializer(type, args[0], true);
        Object forValues = deserializer(type, args[0], false);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 3);
            System.out.println(deserialize.invoke(
                    "key".equals(words[0]) ? forKeys : forValues,
                    words[1],
                    HexFormat.of().parseHex(words[2])));
        }
    }

    private static Object deserializer(Class<?> type, String registryUrl, boolean isKey) throws Exception {
        Object deserializer = type.getConstructor().newInstance();
        type.getMethod("configure", Map.class, boolean.class)
                .invoke(deserializer, Map.of("schema.registry.url", registryUrl), isKey);
        return deserializer;
    }
}
