package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an agent says that it installed just now. */
@RegisterForReflection
@Schema(name = "SkillPing", examples = "{\"agent_id\": \"main\", \"skill\": \"review\", \"commit\": \"3f786850e387\"}")
record SkillPing(
        @Nullable @Schema(minLength = 1, maxLength = AgentId.LONGEST, pattern = Texts.NAME, defaultValue = AgentId.MAIN)
        String agentId,

        @Schema(
                minLength = 1,
                maxLength = LONGEST_SKILL,
                pattern = Texts.NAME,
                description = "Of an agent the " + MOST_SKILLS + " skills are kept that it installed last")
        String skill,

        @Schema(
                minLength = 1,
                maxLength = LONGEST_COMMIT,
                pattern = VISIBLE,
                description = "Whatever names the version: the service compares it, and no more")
        String commit) {

    static final int LONGEST_SKILL = 200;

    /** Of an agent. */
    static final int MOST_SKILLS = 200;

    private static final int LONGEST_COMMIT = 100;
    private static final String VISIBLE = "^[^\\s\\x00-\\x1f\\x7f-\\x9f]+$";
    private static final Pattern FORM =
            Pattern.compile("[^\\s\\x00-\\x1f\\x7f-\\x9f]+", Pattern.UNICODE_CHARACTER_CLASS);

    /** @throws io.rollcall.http.Problem naming every bad field */
    static SkillPing read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("agent_id", "skill", "commit"));
        String agentId = AgentId.read(document);
        String skill = document.name("skill", LONGEST_SKILL);
        String commit = document.text("commit", LONGEST_COMMIT);
        if (document.value("commit") == null) {
            document.fault("commit", "is required");
        } else if (commit != null && !FORM.matcher(commit).matches()) {
            document.fault(
                    "commit", "must be 1 to " + LONGEST_COMMIT + " visible characters, none of them white space");
        }
        document.violations().orElseThrow();
        return new SkillPing(
                Objects.requireNonNull(agentId), Objects.requireNonNull(skill), Objects.requireNonNull(commit));
    }

    /** As it was said, or as it is usual. */
    String agent() {
        return Objects.requireNonNull(agentId);
    }
}
