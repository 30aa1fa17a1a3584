package io.github.scyllapgcdc.config;

import java.time.Duration;

/** The checks that the records' constructors share; their messages quote the user's own property. */
final class Limits {
    private Limits() {}

    static void between(String property, int value, int least, int most, String unit) {
        if (value < least || value > most) {
            throw ConfigurationException.refused(property, value, least + " to " + most + " " + unit);
        }
    }

    static void between(String property, Duration value, long leastMillis, long mostMillis) {
        long millis = value.toMillis();
        if (millis < leastMillis || millis > mostMillis) {
            throw ConfigurationException.refused(property, millis, leastMillis + " to " + mostMillis + " milliseconds");
        }
    }
}
