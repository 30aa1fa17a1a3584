package io.github.scyllapgcdc.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a text into its statements at semicolons, those aside that are in a string, a quoted name, a dollar-quoted text, a
 * comment, or a CQL batch. Empty statements and statements that are comments alone are left out.
 */
final class StatementSplitter {
    private static final Pattern DOLLAR_TAG = Pattern.compile("\\$(?:[A-Za-z_][A-Za-z0-9_]*)?\\$");
    private static final Pattern BATCH_BEGIN = Pattern.compile("BEGIN\\s+((UNLOGGED|COUNTER)\\s+)?BATCH\\b");
    private static final Pattern BATCH_END = Pattern.compile("\\bAPPLY\\s+BATCH$");

    private final Dialect dialect;
    private final String text;
    private final List<String> statements = new ArrayList<>();
    /** The statement without comments and with its strings blanked, to look for words in. */
    private final StringBuilder words = new StringBuilder();

    private int start;
    private int at;

    private StatementSplitter(Dialect dialect, String text) {
        this.dialect = dialect;
        this.text = text;
    }

    static List<String> split(Dialect dialect, String text) {
        StatementSplitter splitter = new StatementSplitter(dialect, text);
        splitter.run();
        return splitter.statements;
    }

    private void run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ';') {
                semicolon();
            } else if (startsComment()) {
                skipComment();
            } else if (c == '\'') {
                skipQuoted('\'', dialect == Dialect.SQL && isEscapeString());
            } else if (c == '"') {
                skipQuoted('"', false);
            } else if (c == '$' && dollarTag() != null) {
                skipDollarQuoted(dollarTag());
            } else {
                words.append(c);
                at++;
            }
        }
        add(text.length());
    }

    private void semicolon() {
        String said = words.toString().strip().toUpperCase(Locale.ROOT);
        boolean openBatch = dialect == Dialect.CQL
                && BATCH_BEGIN.matcher(said).lookingAt()
                && !BATCH_END.matcher(said).find();
        if (openBatch) {
            words.append(';');
            at++;
        } else {
            add(at);
            at++;
            start = at;
        }
    }

    private void add(int end) {
        if (!words.toString().isBlank()) {
            statements.add(text.substring(start, end).strip());
        }
        words.setLength(0);
    }

    private boolean startsComment() {
        return text.startsWith("--", at)
                || text.startsWith("/*", at)
                || (dialect == Dialect.CQL && text.startsWith("//", at));
    }

    private void skipComment() {
        words.append(' ');
        if (!text.startsWith("/*", at)) {
            int newline = text.indexOf('\n', at);
            at = newline < 0 ? text.length() : newline;
            return;
        }
        int depth = 0;
        do {
            if (text.startsWith("/*", at) && (depth == 0 || dialect == Dialect.SQL)) { // Postgres nests them
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < text.length());
        at = Math.min(at, text.length());
    }

    /** A doubled quote is a quote within; it reads as two texts side by side, which comes to the same. */
    private void skipQuoted(char quote, boolean backslashEscapes) {
        words.append('x');
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at += backslashEscapes && text.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at + 1, text.length());
    }

    /** Postgres' {@code E'…'}. */
    private boolean isEscapeString() {
        if (at == 0 || Character.toUpperCase(text.charAt(at - 1)) != 'E') {
            return false;
        }
        return at == 1 || !isNamePart(text.charAt(at - 2));
    }

    private String dollarTag() {
        if (at > 0 && isNamePart(text.charAt(at - 1))) {
            return null; // a name may hold a dollar sign
        }
        if (dialect == Dialect.CQL) {
            return text.startsWith("$$", at) ? "$$" : null;
        }
        Matcher tag = DOLLAR_TAG.matcher(text).region(at, text.length());
        return tag.lookingAt() ? tag.group() : null;
    }

    private void skipDollarQuoted(String tag) {
        words.append('x');
        int end = text.indexOf(tag, at + tag.length());
        at = end < 0 ? text.length() : end + tag.length();
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
