package io.github.scyllapgcdc.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, as psql and cqlsh print them: numbers to the right, text to the left, the count below. */
final class TextTable {
    private final List<String> headings;
    private final List<Boolean> numeric;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> headings, List<Boolean> numeric) {
        this.headings = List.copyOf(headings);
        this.numeric = List.copyOf(numeric);
    }

    /** A table of texts. */
    static TextTable of(String... headings) {
        return new TextTable(
                List.of(headings),
                List.of(headings).stream().map(heading -> false).toList());
    }

    void add(List<String> row) {
        rows.add(row.stream().map(TextTable::onOneLine).toList());
    }

    String render() {
        return render(true);
    }

    String render(boolean withCount) {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    length(headings.get(i)),
                    rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0));
        }
        StringBuilder out = new StringBuilder();
        line(out, headings, widths);
        for (int i = 0; i < widths.length; i++) {
            out.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
        }
        out.append('\n');
        rows.forEach(row -> line(out, row, widths));
        if (withCount) {
            out.append('(').append(rows.size()).append(rows.size() == 1 ? " row)\n" : " rows)\n");
        }
        return out.toString();
    }

    private void line(StringBuilder out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - length(cells.get(i)));
            line.append(i == 0 ? " " : " | ");
            line.append(numeric.get(i) ? blanks + cells.get(i) : cells.get(i) + blanks);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String onOneLine(String cell) {
        return cell.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }
}
