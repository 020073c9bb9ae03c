package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.remove;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Api;
import io.rollcall.Sql;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the database refuses to raw SQL under the service's own role: no bug above it can break the tree. */
abstract class TreeGuardSuite {

    private static final String CHECK_VIOLATION = "23514";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String TOMBSTONE = "RC001";
    private static final String ORGANISATION = "RC002";
    private static final String CYCLE = "RC003";

    private String acme = "";
    private String dev = "";
    private String test = "";
    private String other = "";

    @BeforeEach
    void aSmallTree() {
        Api.emptyTheDatabase();
        acme = root("Acme");
        dev = child(acme, "Dev");
        test = child(dev, "Test");
        other = root("Other");
    }

    @Test
    void aCycleIsRefused() {
        assertEquals(CYCLE, update("parent_id", test, dev));
        assertEquals(CHECK_VIOLATION, update("parent_id", dev, dev));
    }

    @Test
    void aCycleThatOneStatementWouldCloseIsRefused() {
        String ops = child(acme, "Ops");

        assertEquals(CYCLE, Sql.refusal("""
                UPDATE workspaces SET parent_id = CASE WHEN id = ?::uuid THEN ?::uuid ELSE ?::uuid END
                 WHERE id IN (?::uuid, ?::uuid)
                """, dev, ops, dev, dev, ops));
    }

    @Test
    void aCycleOfRowsThatOneStatementInsertsIsRefused() {
        assertEquals(CYCLE, Sql.refusal("""
                INSERT INTO workspaces (id, org_id, parent_id, name) VALUES
                ('00000000-0000-7000-8000-000000000001', ?::uuid, '00000000-0000-7000-8000-000000000002', 'One'),
                ('00000000-0000-7000-8000-000000000002', ?::uuid, '00000000-0000-7000-8000-000000000001', 'Two')
                """, acme, acme));
        assertEquals(CYCLE, Sql.refusal("""
                WITH one AS (
                    INSERT INTO workspaces (id, org_id, parent_id, name) VALUES ('00000000-0000-7000-8000-000000000001',
                           ?::uuid, '00000000-0000-7000-8000-000000000002', 'One'))
                INSERT INTO workspaces (id, org_id, parent_id, name) VALUES ('00000000-0000-7000-8000-000000000002',
                       ?::uuid, '00000000-0000-7000-8000-000000000001', 'Two')
                """, acme, acme));
        assertEquals(CHECK_VIOLATION, Sql.refusal("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                VALUES ('00000000-0000-7000-8000-000000000001', ?::uuid, '00000000-0000-7000-8000-000000000001', 'Self')
                """, acme));
    }

    @Test
    void aParentAndItsChildMayBeInsertedByOneStatement() {
        assertEquals("accepted", Sql.refusal("""
                INSERT INTO workspaces (id, org_id, parent_id, name) VALUES
                ('00000000-0000-7000-8000-000000000001', ?::uuid, '00000000-0000-7000-8000-000000000002', 'One'),
                ('00000000-0000-7000-8000-000000000002', ?::uuid, ?::uuid, 'Two')
                """, acme, acme, acme));
    }

    @Test
    void aParentThatDoesNotExistIsRefused() {
        assertEquals(FOREIGN_KEY_VIOLATION, insert(Trees.UNKNOWN, acme));
        assertEquals(FOREIGN_KEY_VIOLATION, update("parent_id", Trees.UNKNOWN, test));
    }

    @Test
    void aTombstoneStaysOne() {
        remove(test, "Test").expect(200);

        assertEquals(
                TOMBSTONE,
                Sql.refusal("UPDATE workspaces SET status = 'online', removed_at = NULL WHERE id = ?::uuid", test));
        assertEquals("removed", Sql.one("SELECT status FROM workspaces WHERE id = ?::uuid", test));
    }

    @Test
    void aRowNeverChangesItsOrganisation() {
        assertEquals(FOREIGN_KEY_VIOLATION, update("org_id", other, test));
        assertEquals(
                ORGANISATION,
                Sql.refusal(
                        "UPDATE workspaces SET org_id = ?::uuid, parent_id = ?::uuid WHERE id = ?::uuid",
                        other,
                        other,
                        test));
    }

    @Test
    void aParentOfAnotherOrganisationIsRefused() {
        assertEquals(FOREIGN_KEY_VIOLATION, update("parent_id", other, test));
        assertEquals(FOREIGN_KEY_VIOLATION, insert(other, acme));
    }

    @Test
    void aLiveChildUnderARemovedParentIsRefused() {
        remove(test, "Test").expect(200);

        assertEquals(FOREIGN_KEY_VIOLATION, insert(test, acme));
        assertEquals(FOREIGN_KEY_VIOLATION, update("parent_id", test, child(acme, "Sibling")));
    }

    @Test
    void aParentCannotBeRemovedFromAboveItsLiveChildren() {
        assertEquals(
                FOREIGN_KEY_VIOLATION,
                Sql.refusal("UPDATE workspaces SET status = 'removed', removed_at = now() WHERE id = ?::uuid", dev));
        assertEquals(FOREIGN_KEY_VIOLATION, Sql.refusal("DELETE FROM workspaces WHERE id = ?::uuid", dev));
    }

    @Test
    void aRootIsItsOrganisationAndNothingElseIs() {
        assertEquals(CHECK_VIOLATION, Sql.refusal("UPDATE workspaces SET parent_id = NULL WHERE id = ?::uuid", dev));
        assertEquals(CHECK_VIOLATION, Sql.refusal("""
                INSERT INTO workspaces (id, org_id, name) VALUES (gen_random_uuid(), ?::uuid, 'Root')
                """, acme));
    }

    @Test
    void siblingsOfOneNameAreRefusedAlsoAtTheTop() {
        assertEquals(UNIQUE_VIOLATION, Sql.refusal("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                VALUES (gen_random_uuid(), ?::uuid, ?::uuid, 'Dev')
                """, acme, acme));
        assertEquals(UNIQUE_VIOLATION, Sql.refusal("""
                INSERT INTO workspaces (id, org_id, name) VALUES
                ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 'Acme')
                """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            status = 'gone'
            status = 'removed'
            removed_at = now()
            tier = -1
            max_concurrent_tasks = 0
            name = ''
            """)
    void valuesOutsideTheirRangeAreRefused(String assignment) {
        assertEquals(CHECK_VIOLATION, Sql.refusal("UPDATE workspaces SET " + assignment + " WHERE id = ?::uuid", test));
    }

    private static String update(String column, String value, String id) {
        return Sql.refusal("UPDATE workspaces SET " + column + " = ?::uuid WHERE id = ?::uuid", value, id);
    }

    private static String insert(String parent, String organisation) {
        return Sql.refusal("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                VALUES (gen_random_uuid(), ?::uuid, ?::uuid, 'Fresh')
                """, organisation, parent);
    }
}
