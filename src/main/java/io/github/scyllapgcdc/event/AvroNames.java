package io.github.scyllapgcdc.event;

import java.util.Locale;

/**
 * Column names as Avro allows them. What Avro's rule excludes becomes {@code _xHHHH} (the UTF-16 unit in hex), and an
 * underscore that would read as the start of such an escape is escaped itself, so different names stay different.
 */
final class AvroNames {
    private static final int ESCAPE_LENGTH = 6;

    private AvroNames() {}

    static String escape(String name) {
        StringBuilder escaped = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = isLetter(c) || (c == '_' && !looksLikeEscape(name, i)) || (i > 0 && isDigit(c));
            if (!plain && escaped == null) {
                escaped = new StringBuilder(name.length() + 16).append(name, 0, i);
            }
            if (escaped != null) {
                if (plain) {
                    escaped.append(c);
                } else {
                    escaped.append(String.format(Locale.ROOT, "_x%04X", (int) c));
                }
            }
        }
        return escaped == null ? name : escaped.toString();
    }

    private static boolean looksLikeEscape(String name, int underscore) {
        if (underscore + ESCAPE_LENGTH > name.length() || name.charAt(underscore + 1) != 'x') {
            return false;
        }
        for (int i = underscore + 2; i < underscore + ESCAPE_LENGTH; i++) {
            if (Character.digit(name.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
