package io.github.scyllapgcdc.logging;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text that is about to be shown. Nothing here writes one on purpose; this is for what libraries put into
 * their messages, a URL with its password above all.
 */
public final class Redaction {
    /** What stands in a secret's place. */
    public static final String MASK = "***";

    private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"|'[^']*+'";
    private static final String NAME =
            "(?:password|passwd|pwd|secret|secret[-_.]?id|token|api[-_.]?key|private[-_.]?key)";
    /** What is masked already is left, or its end would be taken for a secret. */
    private static final String NOT_MASKED = "(?!" + Pattern.quote(MASK) + ")";

    /**
     * Each with one group, which is kept; the rest of what it finds goes. None begins with a repetition: a line may be as long as a row.
     */
    private static final List<Pattern> SECRETS = List.of(
            // the whole of Kafka's log-in, whatever the module calls its options
            find("(sasl\\.jaas\\.config\\s*[=:]\\s*)(?:" + QUOTED + "|[^;\"'\\r\\n])*+;?"),
            // password=…, in a URL, a map or an option: up to where it ends in any of these
            find("(" + NAME + "\\s*=\\s*)" + NOT_MASKED + "(?:" + QUOTED + "|[^\\s,;&\"'})\\]]++)"),
            // "password": "…"
            find("(" + NAME + "[\"']\\s*:\\s*)(?:" + QUOTED + "|[^\\s,;}\\]]++)"),
            // X-Vault-Token: …, Authorization: Bearer …
            find("((?:-token|authorization)[\"']?\\s*[:=]\\s*)" + NOT_MASKED
                    + "[\"'\\[]*+(?:(?:bearer|basic|digest|negotiate)\\s+)?[^\\s,;\"'\\]}]++"),
            find("(\\b(?:bearer|basic)\\s)[\\w+/.~=-]{8,}+"),
            // https://user:password@host
            find("(\\w://[^\\s/:@\"']*+:)[^\\s/\"']+(?=@)"),
            // a token of Vault's by its form
            find("(\\b)hv[sbr]\\.[\\w-]{8,}+"));

    private Redaction() {}

    private static Pattern find(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    /** The text with {@value #MASK} for each secret in it. */
    public static String of(String text) {
        String shown = text;
        for (Pattern secret : SECRETS) {
            Matcher matcher = secret.matcher(shown);
            if (matcher.find()) {
                shown = matcher.replaceAll("$1" + Matcher.quoteReplacement(MASK));
            }
        }
        return shown;
    }
}
