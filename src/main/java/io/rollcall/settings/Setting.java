package io.rollcall.settings;

/** A document as it stands: its text as the database writes it, and how often it was changed. */
record Setting(String data, String etag, long version) {}
