package io.rollcall.http;

/**
 * One bad field of a request.
 *
 * @param path where it stands in the body ({@code template.workspaces[2].name}), or the parameter's or header's name
 * @param message what is wrong with it and what would be right, with the limit where there is one
 */
public record Violation(String path, String message) {}
