/** The commands of whoever runs the database: {@code rollcall schema …}. Over JDBC, beside a service or without one. */
@org.jspecify.annotations.NullMarked
package io.rollcall.maintenance;
