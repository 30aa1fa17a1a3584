package io.github.scyllapgcdc.pipeline;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code /observe/metrics} answers, in Prometheus' text format. */
record Exposition(String text) {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\S+) \\S.*$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:]\\w*)(?:\\{(.*)})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** The families of a prefix with their types; a summary's maximum belongs to the summary. */
    Map<String, String> types(String prefix) {
        Map<String, String> types = TYPE.matcher(text)
                .results()
                .filter(type -> type.group(1).startsWith(prefix))
                .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2), (a, b) -> a, TreeMap::new));
        types.keySet().removeIf(name -> types.containsKey(name.replaceFirst("_max$", "")) && name.endsWith("_max"));
        return types;
    }

    boolean explains(String family) {
        return HELP.matcher(text).results().anyMatch(help -> help.group(1).equals(family));
    }

    /** The labels of a family's samples; those that its type brings left out. */
    Set<String> labels(String family) {
        Set<String> labels = new TreeSet<>();
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            if (sample.group(1).matches(family + "(_count|_sum|_bucket)?") && sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        }
        labels.remove("le");
        return labels;
    }

    /** The sum of a metric's samples that have these labels. */
    double value(String metric, String... labels) {
        double sum = 0;
        boolean found = false;
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            String given = sample.group(2) == null ? "" : sample.group(2);
            if (sample.group(1).equals(metric) && Set.of(labels).stream().allMatch(given::contains)) {
                sum += Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"));
                found = true;
            }
        }
        return found ? sum : Double.NaN;
    }
}
