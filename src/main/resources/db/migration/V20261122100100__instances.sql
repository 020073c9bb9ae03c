-- The processes that serve, each saying every few seconds that it is there. While one of them is older than a migration
-- allows, that migration is refused: its transaction fails, nothing of it stays (see instances_outlived).
-- fillfactor: seen_at is in no index, so each beat is a HOT update on the row's own page.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

CREATE TABLE instances (
    id         uuid PRIMARY KEY,
    version    text NOT NULL CONSTRAINT instances_version CHECK (version ~ '^[0-9]{1,5}[.][0-9]{1,5}[.][0-9]{1,5}$'),
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- Whoever raises the minimum shuts the door first: an instance that is registering waits for the migration's end, and reads
-- the new minimum then. A minute, since an instance that the database was away from needs some seconds to be seen again.
CREATE FUNCTION instances_outlived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    older text;
BEGIN
    LOCK TABLE instances IN SHARE ROW EXCLUSIVE MODE;
    SELECT string_agg(format('%s (release %s, seen %s s ago)', i.id, i.version,
                             round(extract(epoch FROM clock_timestamp() - i.seen_at))), ', ' ORDER BY i.version, i.id)
      INTO older
      FROM instances i
     WHERE i.seen_at > clock_timestamp() - interval '1 minute'
       AND string_to_array(i.version, '.')::int[] < string_to_array(NEW.min_compatible_binary, '.')::int[];
    IF older IS NOT NULL THEN
        RAISE EXCEPTION 'schema % needs release % or newer, and older instances are serving: %',
            NEW.version, NEW.min_compatible_binary, older USING ERRCODE = 'RC006';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER instances_outlived
    AFTER UPDATE ON schema_version
    FOR EACH ROW WHEN (OLD.min_compatible_binary <> NEW.min_compatible_binary)
    EXECUTE FUNCTION instances_outlived();

UPDATE schema_version SET version = '20261122100100', phase = 'expanding';

-- Rollback: see db/rollback/V20261122100100__instances.sql
