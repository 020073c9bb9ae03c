package io.rollcall.console;

import io.rollcall.Http;

/** An organisation of 10,021: a root, 20 divisions of 20 teams, and 24 agents in each of those. */
final class Big {

    private static final int EACH = 20;
    private static final int AGENTS = 24;

    private Big() {}

    /** @return its id */
    static String imported(Http http) {
        var template = new StringBuilder("name: Big\nworkspaces:\n  - name: Big\n    children:\n");
        for (int division = 0; division < EACH; division++) {
            template.append("      - name: Division ").append(division).append("\n        children:\n");
            for (int team = 0; team < EACH; team++) {
                template.append("          - name: Team ").append(team).append("\n            children:\n");
                for (int agent = 0; agent < AGENTS; agent++) {
                    template.append("              - name: Agent ")
                            .append(agent)
                            .append('\n');
                }
            }
        }
        return http.importingYaml(template.toString())
                .json()
                .path("workspaces")
                .path(0)
                .path("id")
                .textValue();
    }
}
