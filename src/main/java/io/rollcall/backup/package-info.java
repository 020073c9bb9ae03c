/** Named tables as files, with what proves that they are whole; and back. */
@org.jspecify.annotations.NullMarked
package io.rollcall.backup;
