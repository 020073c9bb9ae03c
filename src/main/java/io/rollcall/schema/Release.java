package io.rollcall.schema;

import java.util.Comparator;

/** The version of a binary, {@code 1.2.3}; a snapshot counts as what it will be. */
record Release(int major, int minor, int patch) implements Comparable<Release> {

    private static final Comparator<Release> ORDER = Comparator.comparingInt(Release::major)
            .thenComparingInt(Release::minor)
            .thenComparingInt(Release::patch);

    /** @throws IllegalArgumentException when it is not of that form */
    static Release of(String text) {
        String[] parts = text.replaceFirst("-.*", "").split("[.]");
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a release: " + text);
        }
        return new Release(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public int compareTo(Release other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
