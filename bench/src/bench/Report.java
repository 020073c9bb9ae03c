package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Markdown that also reads well in a terminal. */
final class Report {

    private final StringBuilder text = new StringBuilder();

    Report heading(String title) {
        return line("").line("## " + title).line("");
    }

    Report line(String line) {
        text.append(line).append('\n');
        return this;
    }

    /** A table whose columns are padded to one width; the first row is its head. */
    Report table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        var widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            row(rows.get(r), widths);
            if (r == 0) {
                var rule = new ArrayList<String>();
                for (int i = 0; i < columns; i++) {
                    rule.add("-".repeat(i == 0 ? widths[i] : widths[i] - 1) + (i == 0 ? "" : ":"));
                }
                row(rule, widths);
            }
        }
        return this;
    }

    private void row(List<String> cells, int[] widths) {
        text.append('|');
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(widths[i] - cells.get(i).length());
            text.append(' ').append(i == 0 ? cells.get(i) + space : space + cells.get(i)).append(" |");
        }
        text.append('\n');
    }

    static String ms(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%,.0f ms", millis);
    }

    static String times(double ratio) {
        return String.format(Locale.ROOT, "%.1f ×", ratio);
    }

    static String one(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String met(boolean met) {
        return met ? "met" : "MISSED";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
