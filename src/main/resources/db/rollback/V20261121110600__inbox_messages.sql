-- Undoes V20261121110600__inbox_messages.sql. Lost: the messages in all inboxes.
-- Refuses while there is anything to lose; empty the table first if that is what you want.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';
SET LOCAL rollcall.tenant = '*';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM inbox_messages LIMIT 1) THEN
        RAISE EXCEPTION 'rollback refused: % rows in inbox_messages would be lost', (SELECT count(*) FROM inbox_messages);
    END IF;
END
$$;

DROP TABLE inbox_messages;
